/** What happens beside the slot: bytes arrive or do not, gates open. */
import { jittered } from './backoff.ts';
import type { DeploymentId } from './deployment.ts';
import { taken } from './hands.ts';
import { again } from './hear.ts';
import { type Instance, type Serving, serving } from './instance.ts';
import { onData } from './migrations.ts';
import type { Moment, Policy } from './policy.ts';
import { heldBackBy } from './questions.ts';

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

/** The gates are open: the slot changes hands, or, where data must move first, it empties for that. */
export function cleared(i: Instance, of: DeploymentId, policy: Policy, moment: Moment): Instance {
  const { next } = i;
  if (next?.at !== 'staged' || next.deployment.id !== of || heldBackBy(i, policy) !== null) return i;
  const from = serving(i);
  const migrations = onData(i, next.deployment.release);
  if (from === null || migrations.length === 0) return taken(i, from, next.deployment, policy, moment);
  const update = `${moment.now}-${of.slice(0, 12)}`;
  return { ...i, next: null, slot: { at: 'switching', from, to: next.deployment, update, migrations } };
}
