import { same } from './deployment.ts';
import type { InstanceEvent } from './events.ts';
import type { Instance, Serving } from './instance.ts';
import { isUp, serving } from './occupancy.ts';

/**
 * What holds although it cannot be saved; `null`: nothing does, all stays as it was. Without these nothing would serve until there is
 * room: a client that has left is started again, and what fails leads back to what was committed. A death of the supervisor then
 * finds the value of before, which tries the same again.
 */
export function unsaved(before: Instance, event: InstanceEvent, after: Instance): Instance | null {
  const [was, is] = [serving(before), serving(after)];
  if (was === null || is === null) return null;
  if (!same(was.deployment, is.deployment)) return leadsBack(event, is) ? after : null;
  if ((event.type !== 'exited' && event.type !== 'woke') || !isUp(is) || was.at !== is.at) return null;
  // what is committed keeps its verdict; of what is on probation the exits count, in memory at least
  return { ...before, slot: is.at === 'probation' ? is : before.slot, volatile: after.volatile };
}

/** Forward nothing goes unsaved: what enters is on probation. */
function leadsBack({ type }: InstanceEvent, is: Serving): boolean {
  return is.at === 'running' && (type === 'exited' || type === 'unhealthy' || type === 'spoiled');
}
