/** Where the data must change while no child is up: forward by a migration, back by a restore. */
import { jittered } from './backoff.ts';
import { barred, refused } from './bars.ts';
import type { MigrationEvent } from './events.ts';
import { back, taken } from './hands.ts';
import { again } from './hear.ts';
import type { Instance, UpdateId } from './instance.ts';
import { seenByData } from './migrations.ts';
import { isUp, serving } from './occupancy.ts';
import type { Moment, Policy } from './policy.ts';

export function migrationEnded(i: Instance, event: MigrationEvent, policy: Policy, moment: Moment): Instance {
  if (i.slot.at !== 'switching' || i.slot.to.id !== event.of) return i;
  const { from, to, update, migrations } = i.slot;
  if (event.type === 'migrated') {
    const seen = [...seenByData(i), ...migrations.map(({ checksum }) => checksum)];
    const updates = { ...i.updates, [update]: { from: i.data, seen } };
    return { ...taken(i, from, to, policy, moment), data: update, updates };
  }
  return {
    ...barred(i, to, event.reason, policy, moment),
    slot: { at: 'reverting', to: from, update, data: i.data, attempt: 0, retryAt: null },
  };
}

/** It goes on where it was: what refused to start, or lost its bytes, still does. */
export function restored(i: Instance, { now }: Moment): Instance {
  if (i.slot.at !== 'reverting' || i.slot.retryAt !== null) return i;
  const { to, data } = i.slot;
  return { ...i, data, slot: isUp(to) ? again(to, now) : to };
}

export function restoreFailed(i: Instance, policy: Policy, { now, chance }: Moment): Instance {
  if (i.slot.at !== 'reverting' || i.slot.retryAt !== null) return i;
  const { attempt } = i.slot;
  return { ...i, slot: { ...i.slot, attempt: attempt + 1, retryAt: now + jittered(policy.restart, attempt, chance) } };
}

/**
 * A person put back the backup of an update: what ran on the data before it comes back, and what they were migrated for is refused until a
 * person lifts that. Where nothing is known that ran on them, or the client is not stopped, nothing changes.
 */
export function dataRestored(i: Instance, update: UpdateId, policy: Policy): Instance {
  const slot = serving(i);
  const known = i.updates[update];
  if (slot === null || known === undefined || !i.said.stopped) return i;
  const restored = { ...i, data: known.from };
  const former = i.formers.find(({ data }) => data === known.from);
  if (former === undefined) return i;
  return back(refused(restored, slot.deployment, former.deployment), former, policy);
}

/** Of the updates those that the present data, a former or the slot still name. */
export function withKnownUpdates(i: Instance): Instance {
  const named = new Set([i.data, ...i.formers.map(({ data }) => data)]);
  if (i.slot.at === 'reverting') named.add(i.slot.data);
  const kept = Object.entries(i.updates).filter(([update]) => named.has(update));
  return kept.length === Object.keys(i.updates).length ? i : { ...i, updates: Object.fromEntries(kept) };
}
