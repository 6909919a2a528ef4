/** Laws about what an event may do. */
import { same } from '../../../../src/core/deployment.ts';
import type { Former, Slot } from '../../../../src/core/instance.ts';
import { occupant } from '../../../../src/core/occupancy.ts';
import { checksumOf, type Label, label, labelOrNone } from '../names.ts';
import { holder, newcomer, type Step } from '../remember.ts';
import { has, list } from '../world.ts';
import type { StepLaw } from './law.ts';

export const lawsOfSteps: readonly StepLaw[] = [
  {
    law: 'a finished task leads somewhere',
    isBroken: ({ core: { tasks } }, { move: { ends }, wanted }) =>
      ends !== undefined && ends.do !== 'prefetch' && wanted.some((t) => tasks.keyOf(t) === tasks.keyOf(ends)),
  },
  {
    law: 'what a person refused stays out',
    isBroken: (_, step) => {
      const name = newcomer(step);
      const { refused } = step.before.w;
      return name !== null && (has(refused, name) || has(refused, checksumOf(name)));
    },
  },
  {
    law: 'no way back to what is not proven under the runtime',
    isBroken: ({ core: { questions } }, { before, move: { event }, i }) => {
      const was = occupant(before.i.slot);
      const is = occupant(i.slot);
      const isBack = i.slot.at === 'running' || (i.slot.at === 'reverting' && before.i.slot.at !== 'switching');
      if (['restored', 'rejected', 'dataRestored'].includes(event.type) || !isBack || !was || !is) return false;
      if (before.i.slot.at === 'reverting') return false;
      return was.release.checksum !== is.release.checksum && !questions.isProven(i, is.release.checksum);
    },
  },
  {
    law: 'a way back leads where a release was committed',
    isBroken: ({ policy }, { before, i }) => {
      if (i.slot.at !== 'running' && i.slot.at !== 'reverting') return false;
      const deployment = occupant(i.slot);
      const from = before.i.slot;
      if (from.at === 'reverting' || from.at === 'switching' || same(deployment, occupant(from))) return false;
      const data = i.slot.at === 'reverting' ? i.slot.data : i.data;
      const knows = (f: Former) => f.data === data || policy.dataRollback === 'compatible' || isCompatible(from);
      return !before.i.formers.some((f) => same(f.deployment, deployment) && knows(f));
    },
  },
  {
    law: 'lost bytes are not started again',
    isBroken: (_, { before, move: { event }, i }) => {
      const was = holder(before.i.slot);
      const isSlots = event.type === 'spoiled' && event.of === was?.id;
      return (
        isSlots &&
        i.slot.at === 'running' &&
        i.slot.verdict !== 'gone' &&
        i.slot.deployment.release.checksum === was?.release.checksum
      );
    },
  },
  {
    law: 'stopped: nothing is judged',
    isBroken: (_, { before, move: { event }, i }) =>
      event.type === 'booted' && i.said.stopped && i.bars.length > before.i.bars.length,
  },
  {
    law: 'what is replaced and committed is the first way back, unless it refused to start',
    isBroken: (_, step) => {
      const from = step.before.i.slot.at === 'switching' ? step.before.i.slot.from : step.before.i.slot;
      if (newcomer(step) === null || from.at !== 'running') return false;
      return (from.verdict !== 'down') !== same(step.i.formers[0]?.deployment ?? null, from.deployment);
    },
  },
  {
    law: 'what is replaced on probation is barred',
    isBroken: ({ core: { questions } }, step) => {
      const from = step.before.i.slot.at === 'switching' ? step.before.i.slot.from : step.before.i.slot;
      return newcomer(step) !== null && from.at === 'probation' && !questions.isBarred(step.i, from.deployment);
    },
  },
  {
    law: 'a start of the supervisor is counted, unless the child that is wanted lives on',
    isBroken: ({ policy }, { before, move: { event }, i }) => {
      const { slot, said } = before.i;
      if (event.type !== 'booted' || slot.at !== 'probation' || slot.verdict !== 'unknown' || said.stopped)
        return false;
      const boots = slot.boots + (event.orphan === slot.deployment.id ? 0 : 1);
      const isSame = i.slot.at === 'probation' && i.slot.boots === boots && same(i.slot.deployment, slot.deployment);
      return boots < policy.boots && !isSame;
    },
  },
  {
    law: 'a death forgets only waits and counts',
    isBroken: ({ policy }, { before, move: { dies, event }, i }) => {
      const { slot, said } = before.i;
      const isAdopted = event.type === 'booted' && event.orphan === holder(slot)?.id;
      const isLast = slot.at === 'probation' && slot.verdict === 'unknown' && slot.boots + 1 >= policy.boots;
      if (!dies || (isLast && !said.stopped && !isAdopted)) return false;
      const what = ({ slot, next, formers, said, proven, data }: typeof i) =>
        JSON.stringify([
          slot.at,
          labelOrNone(holder(slot)),
          next?.at,
          labelOrNone(next?.deployment ?? null),
          formers,
          said,
          proven,
          data,
        ]);
      return what(before.i) !== what(i);
    },
  },
  {
    law: 'a pin lasts until the chain names another release',
    isBroken: (_, { before, move: { event }, i }) => {
      const { pinned } = before.i.said;
      if (!pinned || event.type === 'pinned' || event.type === 'unpinned') return false;
      const named = i.chain.named?.checksum ?? null;
      const isOver = !pinned.forever && named !== null && pinned.over !== null && named !== pinned.over;
      return isOver !== (i.said.pinned === null);
    },
  },
  {
    law: 'a hold lasts until its end or a person’s word',
    isBroken: (_, { before, move, i }) => {
      const held = before.i.said.held;
      if (!held || move.event.type === 'held' || move.event.type === 'resumed') return false;
      const isOver = held.until !== null && move.event.type === 'woke' && held.until <= (move.now ?? 0);
      return isOver !== (i.said.held === null);
    },
  },
  {
    law: 'no forbidden downgrade',
    isBroken: ({ policy }, step) => {
      const name = newcomer(step);
      return (
        !policy.allowDowngrade && name !== null && !step.i.said.pinned && has(step.before.w.older, checksumOf(name))
      );
    },
  },
  {
    law: 'what was committed before does not enter on data that were migrated since',
    isBroken: ({ policy }, step) => {
      const name = newcomer(step);
      const { older, knows, data } = step.before.w;
      if (name === null || policy.dataRollback === 'compatible' || step.i.said.pinned || data.includes('+o'))
        return false;
      const ran = list(knows).filter((known) => known.startsWith(checksumOf(name)));
      return has(older, checksumOf(name)) && !ran.some((known) => known.endsWith(`/${data}`)) && isOlder(step, name);
    },
  },
  {
    law: 'a new runtime asks a new proof',
    isBroken: (_, { before, i }) => {
      if (before.i.chain.specVersion === i.chain.specVersion) return false;
      return (
        (i.slot.at === 'running' || i.slot.at === 'probation') &&
        (i.slot.verdict === 'healthy' || i.slot.verdict === 'unhealthy')
      );
    },
  },
  {
    law: 'a count of failures only grows, until it is forgotten',
    isBroken: (_, { before, i }) =>
      i.bars.some((bar) => {
        const was = before.i.bars.find(
          (b) => b.by === 'failure' && bar.by === 'failure' && label(b.of) === label(bar.of),
        );
        return was?.by === 'failure' && bar.by === 'failure' && bar.attempts < was.attempts;
      }),
  },
];

/** It wants no data moved itself. */
const isOlder = ({ i }: Step, name: Label): boolean =>
  i.slot.at === 'probation' && label(i.slot.deployment) === name && i.slot.deployment.release.terms === undefined;

/** The release that leaves says that the one before it knows its data. */
const isCompatible = (slot: Slot): boolean => occupant(slot)?.release.terms?.dataCompatible === true;
