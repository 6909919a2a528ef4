/** Liveness: a committed child that is unhealthy is started again, within its budget; then it only alarms. */
import type { Instance } from './instance.ts';
import type { Moment, Policy } from './policy.ts';
import { isChildDue } from './questions.ts';
import type { Millis } from './release.ts';

const ails = (i: Instance) => i.slot.at === 'running' && i.slot.verdict === 'unhealthy' && isChildDue(i);

/** Starts it again if it is up, unhealthy, and the budget allows it. Looks again after `failFor`, or when the budget does. */
export function livened(i: Instance, policy: Policy, { now }: Moment): Instance {
  const recent = i.volatile.livened.filter((time) => time > now - policy.liveness.per);
  if (!ails(i) || recent.length >= policy.liveness.restarts)
    return { ...i, volatile: { ...i.volatile, livened: recent, livenAt: null } };
  return { ...i, volatile: { ...i.volatile, turn: i.volatile.turn + 1, livened: [...recent, now], livenAt: null } };
}

/** Liveness looks again at what is committed, up and unhealthy, however it came to that; and at nothing else. */
export function looking(i: Instance, policy: Policy, { now }: Moment): Instance {
  const { livenAt, livened: restarts } = i.volatile;
  if (ails(i) === (livenAt !== null)) return i;
  const at = ails(i) ? nextLook(restarts, policy.liveness, now) : null;
  return at === livenAt ? i : { ...i, volatile: { ...i.volatile, livenAt: at } };
}

/** After `failFor`, and not before the budget allows a restart; a budget of none never does. */
function nextLook(
  restarts: readonly Millis[],
  { failFor, per, restarts: most }: Policy['liveness'],
  now: Millis,
): Millis | null {
  if (most === 0) return null;
  const freeAgain = restarts.length < most ? 0 : (restarts[restarts.length - most] ?? 0) + per;
  return Math.max(now + failFor, freeAgain);
}
