/** Laws about what has the slot. */
import { same } from '../../../../src/core/deployment.ts';
import { serving } from '../../../../src/core/occupancy.ts';
import { label } from '../names.ts';
import { has, list } from '../world.ts';
import { isDoing, runOf, type StateLaw } from './law.ts';

export const lawsOfSlot: readonly StateLaw[] = [
  {
    law: 'one task in the slot',
    isBroken: ({ core: { tasks } }, _, ts) => ts.filter(tasks.holdsSlot).length > 1,
  },
  {
    law: 'nothing barred runs',
    isBroken: ({ core: { questions } }, { i }, ts) => {
      const run = runOf(ts);
      return run !== null && questions.isBarred(i, run.of);
    },
  },
  {
    law: 'nothing runs whose bytes were never laid out',
    isBroken: ({ scenario }, { w }, ts) => {
      const run = runOf(ts);
      const isLost =
        w.left.damage < (scenario.budget.damage ?? 0) || Object.values(scenario.health ?? {}).includes('rotten');
      return run !== null && !isLost && !has(w.laid, label(run.of));
    },
  },
  {
    law: 'no client on data that it does not know',
    isBroken: ({ policy }, { i, w }, ts) => {
      const run = runOf(ts);
      const isSaid = policy.dataRollback === 'compatible' || w.data.includes('+o');
      return run !== null && i.slot.at === 'running' && !isSaid && !has(w.knows, `${label(run.of)}/${w.data}`);
    },
  },
  {
    law: 'an older copy of the data comes back by itself only where the operator said so',
    isBroken: ({ policy }, { i, w }) => {
      if (i.slot.at !== 'reverting' || policy.dataRollback === 'restore') return false;
      return list(w.knows).some((known) => known.endsWith(`/${w.data}`));
    },
  },
  {
    law: 'no release runs on data that it wants moved first',
    isBroken: (_, { w }, ts) => {
      const run = runOf(ts);
      const wants = run?.of.release.terms?.migrations ?? [];
      return wants.some(({ checksum }) => !w.data.split('+').includes(checksum));
    },
  },
  {
    law: 'no migration sees the same data twice',
    isBroken: (_, { w }) => new Set(w.data.split('+')).size < w.data.split('+').length,
  },
  {
    law: 'nothing enters without approval',
    isBroken: ({ policy, core: { questions } }, { i }, ts) => {
      const run = runOf(ts);
      return policy.approval && run !== null && !questions.isApproved(i, run.of.release.checksum);
    },
  },
  {
    law: 'what does not serve the runtime does not enter',
    isBroken: (_, { i }) =>
      i.chain.specVersion === 1 && i.said.pinned === null && i.next?.deployment.release.checksum === 'F',
  },
  {
    law: 'stopped wants no child',
    isBroken: (_, { i }, ts) => i.said.stopped && isDoing(ts, 'run'),
  },
  {
    law: 'a noRestart exit holds down',
    isBroken: (_, { w }, ts) => {
      const run = runOf(ts);
      return run !== null && has(w.fell, label(run.of));
    },
  },
  {
    law: 'a child that runs is watched',
    isBroken: (_, __, ts) => isDoing(ts, 'run') !== isDoing(ts, 'watch'),
  },
  {
    law: 'something serves wherever something can',
    isBroken: ({ core: { questions }, policy }, { i }, ts) => {
      if (i.slot.at === 'empty')
        return i.next === null && questions.candidates(i, policy).some((d) => !questions.isBarred(i, d));
      const slot = serving(i);
      if (slot === null) return false;
      if (slot.verdict === 'down') return false;
      const until = (t: (typeof ts)[number]) => t.do === 'sleep' && t.until === i.volatile.rest;
      const leads =
        slot.verdict === 'gone'
          ? ts.some((t) => t.do === 'download' && same(t.of, slot.deployment))
          : isDoing(ts, 'run');
      return !leads && !ts.some(until) && !(i.said.stopped && slot.verdict !== 'gone');
    },
  },
  {
    law: 'what moves data leads on',
    isBroken: (_, { i }, ts) =>
      (i.slot.at === 'switching' && !isDoing(ts, 'migrate')) ||
      (i.slot.at === 'reverting' && !isDoing(ts, 'restore') && !isDoing(ts, 'sleep')),
  },
  {
    law: 'liveness keeps to its budget',
    isBroken: ({ policy }, { w }) => w.livened > policy.liveness.restarts,
  },
  {
    law: 'liveness looks again at what ails, and at nothing else',
    isBroken: ({ policy }, { i }, ts) => {
      const ails =
        i.slot.at === 'running' && i.slot.verdict === 'unhealthy' && isDoing(ts, 'run') && policy.liveness.restarts > 0;
      const looks = ts.some((t) => t.do === 'sleep' && t.until === i.volatile.livenAt);
      return ails !== (i.volatile.livenAt !== null) || (ails && !looks);
    },
  },
];
