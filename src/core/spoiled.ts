/** Lost bytes: of what has the slot, and of what is staged beside it. */
import { jittered } from './backoff.ts';
import { barred } from './bars.ts';
import type { DeploymentId } from './deployment.ts';
import { back } from './hands.ts';
import type { Instance, Serving } from './instance.ts';
import { serving } from './occupancy.ts';
import type { Moment, Policy } from './policy.ts';
import { isChildDue, wayBack } from './questions.ts';
import type { Millis } from './release.ts';

const reason = 'its file in the store is lost or damaged';

export function ofBytes(i: Instance, of: DeploymentId, policy: Policy, moment: Moment): Instance {
  const slot = serving(i);
  if (slot?.deployment.id === of) return isChildDue(i) ? spoiled(i, slot, policy, moment) : i;
  return i.next?.at === 'staged' && i.next.deployment.id === of ? unstaged(i, policy, moment) : i;
}

/**
 * Back to other bytes, else the same bytes again. What is lost on probation is barred like a failure: a disk that eats
 * one release would else stop the former for each new try, for ever.
 */
function spoiled(i: Instance, slot: Serving, policy: Policy, moment: Moment): Instance {
  const way = wayBack(i, policy, (d) => d.release.checksum !== slot.deployment.release.checksum);
  if (way) return back(slot.at === 'probation' ? barred(i, slot.deployment, reason, policy, moment) : i, way, policy);
  const { restarts } = i.volatile;
  const rest = restarts === 0 ? null : soon(restarts - 1, policy, moment);
  return {
    ...i,
    slot: { ...slot, verdict: 'gone', reason },
    volatile: { ...i.volatile, rest, restarts: restarts + 1 },
  };
}

function unstaged(i: Instance, policy: Policy, moment: Moment): Instance {
  if (i.next === null) return i;
  const { deployment } = i.next;
  return { ...i, next: { at: 'fetching', deployment, attempt: 1, retryAt: soon(0, policy, moment), reason } };
}

const soon = (n: number, policy: Policy, { now, chance }: Moment): Millis => now + jittered(policy.download, n, chance);
