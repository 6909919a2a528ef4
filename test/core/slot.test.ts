import { describe, expect, it } from 'vitest';
import type { InstanceEvent } from '../../src/core/events.ts';
import type { Former, Instance } from '../../src/core/instance.ts';
import {
  announced,
  doing,
  id,
  instance,
  naming,
  nextOf,
  now,
  of,
  policy,
  probation,
  running,
  slotOf,
  told,
} from './given.ts';
import { type Label, label, release, settingsOf } from './walk/names.ts';

const former = (l: Label): Former => ({ deployment: of(l), data: null });
const well = instance({ slot: running('A1'), chain: naming('A'), proven: { A: [1] } });
const left = (l: Label, uptime = 0, final = false): InstanceEvent => ({
  type: 'exited',
  of: id(l),
  final,
  uptime,
  reason: 'code 1',
});

describe('what is said again', () => {
  it('is the very same value, so that nothing is saved', () => {
    const heard = told(well, [announced('A', { block: 8 })]);
    expect(told(heard, [announced('A', { block: 9 })])).toBe(heard);
    expect(told(heard, [announced('B', { block: 9 })]).chain.block).toBe(9);
  });
});

describe('what is heard of a child that rests or is stopped', () => {
  const resting = told(well, [left('A1')]);
  const stopped = told(well, [{ type: 'stopped' }]);

  it.each<[string, InstanceEvent]>([
    ['an exit', left('A1')],
    ['a final exit', left('A1', 0, true)],
    ['a verdict', { type: 'unhealthy', of: id('A1'), reason: '' }],
    ['a healthy one', { type: 'healthy', of: id('A1') }],
    ['lost bytes', { type: 'spoiled', of: id('A1') }],
  ])('is of one that has left meanwhile: %s', (_, event) => {
    expect(told(resting, [event])).toEqual(resting);
    expect(told(stopped, [event])).toEqual(stopped);
  });
});

describe('exits', () => {
  const onTrial = instance({ slot: probation('B1'), formers: [former('A1')], proven: { A: [1] }, chain: naming('B') });
  const woke: InstanceEvent = { type: 'woke' };

  it('too many on probation fail it', () => {
    const once = told(told(onTrial, [left('B1')]), [woke], now + 999);
    const twice = told(told(once, [left('B1')]), [woke], now + 999);
    expect(twice.slot).toMatchObject({ at: 'probation', exits: 2 });
    expect(slotOf(told(twice, [left('B1')]))).toBe('running A1 unknown');
    expect(told(twice, [left('B1', 600)], now + 999).slot).toMatchObject({ at: 'probation', exits: 1 });
  });

  it('rest longer each time, and shortly again once it was stable', () => {
    const rests = [0, 0, 0].reduce<{ i: Instance; waits: number[] }>(
      ({ i, waits }) => {
        const rested = told(i, [left('A1')], now, { exits: 99 });
        const rest = rested.volatile.rest ?? 0;
        return { i: told(rested, [woke], rest, { exits: 99 }), waits: [...waits, rest - now] };
      },
      { i: well, waits: [] },
    );
    expect(rests.waits).toEqual([1, 1, 2]);
    expect(told(rests.i, [left('A1', 600)], now, { exits: 99 }).volatile).toMatchObject({ rest: now + 1, restarts: 1 });
  });

  it('a commit opens the window in which they lead back, and time closes it', () => {
    const young = told(onTrial, [{ type: 'healthy', of: id('B1') }]);
    expect(young.slot).toMatchObject({ at: 'running', youngUntil: now + policy.rollbackWindow });
    expect(doing(young)).toContain(`sleep ${now + policy.rollbackWindow}`);
    expect(told(young, [woke], now + policy.rollbackWindow).slot).toMatchObject({ youngUntil: null });
  });

  it('a crash loop soon after the commit leads back, a later one does not', () => {
    const committed = (youngUntil: number | null) =>
      instance({
        slot: running('B1', { youngUntil, exits: 2 }),
        formers: [former('A1')],
        proven: { A: [1], B: [1] },
        chain: naming('B'),
      });
    expect(slotOf(told(committed(now + 1), [left('B1')]))).toBe('running A1 unknown');
    expect(slotOf(told(committed(null), [left('B1')]))).toBe('running B1 unhealthy');
  });
});

describe('start.initial', () => {
  const configured = (name: string | null): InstanceEvent => ({
    type: 'configured',
    settings: settingsOf(1),
    initial: name === null ? null : release(name),
  });

  it('that is edited replaces what is fetched', () => {
    const first = told(instance(), [configured('I')]);
    expect(nextOf(first)).toBe('fetching I1');
    expect(nextOf(told(first, [configured('J')]))).toBe('fetching J1');
    expect(nextOf(told(first, [configured(null)]))).toBeNull();
  });

  it('on probation goes on, and gives way to its correction only when it fails', () => {
    const onTrial = told(instance({ slot: probation('I1') }), [configured('J'), { type: 'fetched', of: id('J1') }]);
    expect(doing(onTrial)).toEqual(['run I1', 'watch I1']);
    expect(doing(told(onTrial, [{ type: 'unhealthy', of: id('I1'), reason: '' }]))).toContain('gate J1');
    expect(nextOf(told(onTrial, [{ type: 'healthy', of: id('I1') }]))).toBeNull();
  });
});

describe('formers', () => {
  const commit = (formers: readonly Former[], keep: number) =>
    told(instance({ slot: probation('B1'), formers, chain: naming('B') }), [{ type: 'healthy', of: id('B1') }], now, {
      keep,
    });
  const labels = ({ formers }: Instance) => formers.map((f) => label(f.deployment));

  it.each<[string, readonly Label[], number, readonly Label[]]>([
    ['none', ['A1', 'C1'], 0, []],
    ['the newest of other checksums', ['A1', 'C1'], 1, ['A1']],
    ['with its edits', ['A1', 'C1', 'A2'], 1, ['A1', 'A2']],
    ['its own edits beside', ['B2', 'A1', 'C1'], 1, ['B2', 'A1']],
    ['two', ['A1', 'C1', 'I1'], 2, ['A1', 'C1']],
  ])('keep %s', (_, formers, keep, left) => {
    expect(labels(commit(formers.map(former), keep))).toEqual(left);
  });

  it('of many edits never push out the other release', () => {
    const edits = Array.from({ length: 9 }, (_, n) => ({ deployment: { ...of('B2'), id: `edit ${n}` }, data: null }));
    const kept = commit([...edits, former('A1')], 1).formers;
    expect(kept.map((f) => f.deployment.id)).toEqual(['edit 0', 'edit 1', 'edit 2', 'edit 3', id('A1')]);
  });
});

describe('where data move', () => {
  const reverting = (to: Extract<Instance['slot'], { at: 'running' }>) =>
    instance({
      slot: { at: 'reverting', to, update: 'u', data: null, attempt: 0, retryAt: null },
      chain: naming('A'),
      proven: { A: [1] },
    });

  it('what was put back is judged anew, but what refused to start still does', () => {
    expect(slotOf(told(reverting(running('A1')), [{ type: 'restored' }]))).toBe('running A1 unknown');
    expect(slotOf(told(reverting(running('A1', { verdict: 'down' })), [{ type: 'restored' }]))).toBe('running A1 down');
  });

  it('a restore that failed rests, and is tried again', () => {
    const failed = told(reverting(running('A1')), [{ type: 'restoreFailed', reason: 'no disk' }]);
    expect(doing(failed)).toEqual([`sleep ${now + 1}`]);
    expect(doing(told(failed, [{ type: 'woke' }], now + 1))).toEqual(['restore u']);
  });
});
