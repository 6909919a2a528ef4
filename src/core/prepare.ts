/** What happens beside the slot: bytes arrive or do not, gates open. */
import { jittered } from './backoff.ts';
import type { DeploymentId } from './deployment.ts';
import { taken } from './hands.ts';
import { again } from './hear.ts';
import type { Instance, Serving, UpdateId } from './instance.ts';
import { onData, upTo } from './migrations.ts';
import { serving } from './occupancy.ts';
import type { Moment, Policy } from './policy.ts';
import { heldBackBy } from './questions.ts';
import type { Release } from './release.ts';

const isNext = (i: Instance, of: DeploymentId) => i.next?.deployment.id === of;

function gone(i: Instance, of: DeploymentId): Serving | null {
  const slot = serving(i);
  return slot?.verdict === 'gone' && slot.deployment.id === of ? slot : null;
}

export function fetched(i: Instance, of: DeploymentId, { now }: Moment): Instance {
  const lost = gone(i, of);
  if (lost) return { ...i, slot: again(lost, now) };
  return isNext(i, of) && i.next ? { ...i, next: { at: 'staged', deployment: i.next.deployment, since: now } } : i;
}

export function fetchFailed(
  i: Instance,
  of: DeploymentId,
  reason: string,
  policy: Policy,
  { now, chance }: Moment,
): Instance {
  if (gone(i, of))
    return {
      ...i,
      volatile: {
        ...i.volatile,
        restarts: i.volatile.restarts + 1,
        rest: now + jittered(policy.download, i.volatile.restarts, chance),
      },
    };
  if (!isNext(i, of) || i.next?.at !== 'fetching') return i;
  const { attempt } = i.next;
  return {
    ...i,
    next: { ...i.next, attempt: attempt + 1, retryAt: now + jittered(policy.download, attempt, chance), reason },
  };
}

/** The first client of all begins the data in its own form: what leads to that is behind them. */
function begun(i: Instance, release: Release, update: UpdateId): Instance {
  const seen = upTo(release, 'data').map(({ checksum }) => checksum);
  return seen.length === 0 ? i : { ...i, data: update, updates: { [update]: { from: null, seen } } };
}

/** The gates are open: the slot changes hands, or, where data must move first, it empties for that. */
export function cleared(i: Instance, of: DeploymentId, policy: Policy, moment: Moment): Instance {
  const { next } = i;
  if (next?.at !== 'staged' || next.deployment.id !== of || heldBackBy(i, policy) !== null) return i;
  const from = serving(i);
  const update = `${moment.now}-${of.slice(0, 12)}`;
  if (from === null) return taken(begun(i, next.deployment.release, update), null, next.deployment, policy, moment);
  const migrations = onData(i, next.deployment.release);
  if (migrations.length === 0) return taken(i, from, next.deployment, policy, moment);
  return { ...i, next: null, slot: { at: 'switching', from, to: next.deployment, update, migrations } };
}
