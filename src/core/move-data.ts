/** Where the data must change while no child is up: forward by a migration, back by a restore. */
import { jittered } from './backoff.ts';
import { barred } from './bars.ts';
import type { MigrationEvent } from './events.ts';
import { taken } from './hands.ts';
import { again } from './hear.ts';
import { type Instance, isUp } from './instance.ts';
import type { Moment, Policy } from './policy.ts';

export function migrationEnded(i: Instance, event: MigrationEvent, policy: Policy, moment: Moment): Instance {
  if (i.slot.at !== 'switching' || i.slot.to.id !== event.of) return i;
  const { from, to, update } = i.slot;
  if (event.type === 'migrated') return { ...taken(i, from, to, policy, moment), data: update };
  return {
    ...barred(i, to, event.reason, policy, moment),
    slot: { at: 'reverting', to: from, update, attempt: 0, retryAt: null },
  };
}

/** It goes on where it was: what refused to start, or lost its bytes, still does. */
export function restored(i: Instance, { now }: Moment): Instance {
  if (i.slot.at !== 'reverting' || i.slot.retryAt !== null) return i;
  return { ...i, slot: isUp(i.slot.to) ? again(i.slot.to, now) : i.slot.to };
}

export function restoreFailed(i: Instance, policy: Policy, { now, chance }: Moment): Instance {
  if (i.slot.at !== 'reverting' || i.slot.retryAt !== null) return i;
  const { attempt } = i.slot;
  return { ...i, slot: { ...i.slot, attempt: attempt + 1, retryAt: now + jittered(policy.restart, attempt, chance) } };
}
