/** Laws about a value itself: costly, so they are asked of a part of the states. */
import type { InstanceEvent } from '../../../../src/core/events.ts';
import { serving } from '../../../../src/core/occupancy.ts';
import type { Moment } from '../../../../src/core/policy.ts';
import { announcement } from '../moves/of-others.ts';
import { keyOfNode } from '../world.ts';
import { isDoing, type StateLaw } from './law.ts';

const moment: Moment = { now: 0, chance: 0.9 };

export const lawsOfValues: readonly StateLaw[] = [
  {
    law: 'every state survives JSON',
    isBroken: ({ core }, { i }) => {
      const kept = core.born.durable(i);
      return !isEqual(kept, JSON.parse(JSON.stringify(kept)));
    },
  },
  {
    law: 'what is read from disk decides as what was written',
    isBroken: ({ core, policy }, { i }) => {
      const kept = core.born.durable(i);
      const wanted = (value: typeof i) => {
        const booted = core.transition(value, { type: 'booted' }, policy, moment);
        return core.tasks.tasks(booted, policy).map(core.tasks.keyOf).join();
      };
      return wanted(kept) !== wanted(JSON.parse(JSON.stringify(kept)));
    },
  },
  {
    law: 'nothing that is not on disk is needed',
    isBroken: ({ core, policy }, { i }) => {
      const slot = serving(i);
      const after = core.transition(core.born.durable(i), { type: 'booted' }, policy, moment);
      const ts = core.tasks.tasks(after, policy);
      const isUp = slot !== null && !i.said.stopped && slot.verdict !== 'down' && slot.verdict !== 'gone';
      return isDoing(ts, 'run') !== (isUp && serving(after) !== null);
    },
  },
  {
    law: 'the same said again is no news',
    isBroken: (g, n) => {
      const { i } = n;
      const again: readonly InstanceEvent[] = [
        { ...announcement(g, n, {}), ready: [] },
        { type: 'configured', settings: i.config.settings, initial: i.config.initial },
        ...(i.said.stopped ? [{ type: 'stopped' } as const] : []),
        ...(i.said.held ? [] : [{ type: 'resumed' } as const]),
        ...(i.said.pinned ? [] : [{ type: 'unpinned' } as const]),
      ];
      return again.some((event) => isChanged(g, n, event));
    },
  },
  {
    law: 'what nobody asked for changes nothing',
    isBroken: (g, n) => unasked(g, n).some((event) => isChanged(g, n, event)),
  },
];

function isChanged(
  g: Parameters<StateLaw['isBroken']>[0],
  n: Parameters<StateLaw['isBroken']>[1],
  event: InstanceEvent,
): boolean {
  return keyOfNode({ ...n, i: g.core.transition(n.i, event, g.policy, moment) }) !== keyOfNode(n);
}

/** Events of tasks that are not wanted. */
function unasked(
  { core: { tasks }, policy }: Parameters<StateLaw['isBroken']>[0],
  { i }: Parameters<StateLaw['isBroken']>[1],
): readonly InstanceEvent[] {
  const ts = tasks.tasks(i, policy);
  const slot = serving(i)?.deployment.id ?? 'none';
  const next = i.next?.deployment.id ?? 'none';
  const ofChild: readonly InstanceEvent[] = [
    { type: 'healthy', of: slot },
    { type: 'unhealthy', of: slot, reason: '' },
    { type: 'spoiled', of: slot },
    { type: 'exited', of: slot, final: true, uptime: 0, reason: '' },
  ];
  return [
    ...(isDoing(ts, 'run') ? [] : ofChild),
    ...(isDoing(ts, 'gate') ? [] : [{ type: 'cleared', of: next } as const]),
    ...(isDoing(ts, 'download') ? [] : [{ type: 'fetchFailed', of: next, reason: '' } as const]),
    ...(isDoing(ts, 'migrate')
      ? []
      : [{ type: 'migrated', of: next } as const, { type: 'migrationFailed', of: slot, reason: '' } as const]),
    ...(isDoing(ts, 'restore')
      ? []
      : [{ type: 'restored' } as const, { type: 'restoreFailed', reason: 'no disk' } as const]),
    { type: 'prefetched', of: next },
    { type: 'healthy', of: 'none' },
  ];
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b);
  const keys = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => key in b && isEqual(a[key as never], b[key as never]));
}
