import { act } from './act.ts';
import type { InstanceEvent } from './events.ts';
import { hear } from './hear.ts';
import type { Instance } from './instance.ts';
import type { Moment, Policy } from './policy.ts';
import { settle } from './settle.ts';

/** The one door: hear what is the same everywhere, do what the slot calls for, then look where the value leads by itself. */
export function transition(before: Instance, event: InstanceEvent, policy: Policy, moment: Moment): Instance {
  const heard = hear(before, event, policy, moment);
  const acted = act(heard, event, policy, moment);
  return settle(acted, policy, event.type === 'announced' ? event.ready : [], moment);
}
