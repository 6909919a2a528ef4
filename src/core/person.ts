import { refused } from './bars.ts';
import { back } from './hands.ts';
import { again } from './hear.ts';
import type { Instance, Volatile } from './instance.ts';
import { serving } from './occupancy.ts';
import type { Moment, Policy } from './policy.ts';
import { wayBack } from './questions.ts';

/** Start: what was stopped, refuses to start by itself, or rests. What is up is left as it is. */
export function started(i: Instance, { now }: Moment): Instance {
  const slot = serving(i);
  const wanted = i.said.stopped ? { ...i, said: { ...i.said, stopped: false } } : i;
  if (slot === null || !(i.said.stopped || slot.verdict === 'down' || i.volatile.rest !== null)) return wanted;
  return { ...wanted, slot: restartable(i, slot, now), volatile: rested(i.volatile) };
}

/** Start it again: another turn is another start of the same deployment. */
export function restarted(i: Instance, { now }: Moment): Instance {
  const slot = serving(i);
  if (slot === null) return i;
  return { ...i, slot: restartable(i, slot, now), volatile: { ...rested(i.volatile), turn: i.volatile.turn + 1 } };
}

/** What was down is judged anew; and the time for which a person had stopped it counts for no deadline. */
function restartable(i: Instance, slot: NonNullable<ReturnType<typeof serving>>, now: number): Instance['slot'] {
  if (slot.verdict === 'down') return again(slot, now);
  return slot.at === 'probation' && i.said.stopped ? { ...slot, since: now } : slot;
}

const rested = (volatile: Volatile): Volatile => ({ ...volatile, rest: null, restarts: 0, livenAt: null });

/** A person's no: back as if it had failed, but only a person lifts it. With no way back it is refused. */
export function rejected(i: Instance, policy: Policy): Instance {
  switch (i.slot.at) {
    case 'empty':
    case 'reverting':
      return i;
    case 'switching':
      return {
        ...refused(i, i.slot.to, i.slot.from.deployment),
        slot: { at: 'reverting', to: i.slot.from, update: i.slot.update, data: i.data, attempt: 0, retryAt: null },
      };
    case 'running':
    case 'probation': {
      const way = wayBack(i, policy);
      return way ? back(refused(i, i.slot.deployment, way.deployment), way, policy) : i;
    }
  }
}
