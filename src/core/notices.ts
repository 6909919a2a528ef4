import type { InstanceEvent } from './events.ts';
import type { Instance } from './instance.ts';
import { ofBars } from './notices/bars.ts';
import { ofChain } from './notices/chain.ts';
import { ofChild, ofFetching } from './notices/child.ts';
import { ofData } from './notices/data.ts';
import { ofHands } from './notices/hands.ts';
import type { Notice } from './notices/notice.ts';
import { ofPersons } from './notices/persons.ts';
import type { Policy } from './policy.ts';

/** What happened between two values. What starts and stops a child tells of that itself. */
export function notices(before: Instance, event: InstanceEvent, after: Instance, policy: Policy): readonly Notice[] {
  return [
    ...ofChain(before, after, policy),
    ...ofPersons(before, event, after),
    ...ofFetching(before, event, after),
    ...ofChild(before, event, after),
    ...ofHands(before, event, after),
    ...ofData(before, event, after),
    ...ofBars(before, after),
  ];
}
