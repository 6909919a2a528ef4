import { refused } from './bars.ts';
import { back } from './hands.ts';
import { again } from './hear.ts';
import type { Instance, Serving } from './instance.ts';
import { wayBack } from './questions.ts';

/** A person starts it: also what refused to start by itself. Another turn is another start of the same deployment. */
export function startedByPerson(i: Instance, slot: Serving): Instance {
  const fresh = slot.verdict === 'down' ? again(slot) : slot;
  return { ...i, slot: fresh, volatile: { ...i.volatile, rest: null, turn: i.volatile.turn + 1 } };
}

/** A person's no: back as if it had failed, but only a person lifts it. With no way back it is refused. */
export function rejected(i: Instance): Instance {
  switch (i.slot.at) {
    case 'empty':
    case 'reverting':
      return i;
    case 'switching':
      return {
        ...refused(i, i.slot.to, i.slot.from.deployment),
        slot: { at: 'reverting', to: i.slot.from, update: i.slot.update, attempt: 0, retryAt: null },
      };
    case 'running':
    case 'probation': {
      const way = wayBack(i);
      return way ? back(refused(i, i.slot.deployment, way.deployment), way) : i;
    }
  }
}
