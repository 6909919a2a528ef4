import type { InstanceEvent } from './events.ts';
import type { Instance } from './instance.ts';
import { booted, ofChild } from './judge.ts';
import { livened } from './liveness.ts';
import { dataRestored, migrationEnded, restored, restoreFailed } from './move-data.ts';
import { serving } from './occupancy.ts';
import { rejected, restarted, started } from './person.ts';
import type { Moment, Policy } from './policy.ts';
import { cleared, fetched, fetchFailed } from './prepare.ts';
import { isChildDue } from './questions.ts';
import { ofBytes } from './spoiled.ts';

/** What an event means for the slot and for what is prepared beside it. */
export function act(i: Instance, event: InstanceEvent, policy: Policy, moment: Moment): Instance {
  const slot = serving(i);
  switch (event.type) {
    case 'booted':
      return slot ? booted(i, slot, event, policy, moment) : i;
    case 'started':
      return started(i, moment);
    case 'restarted':
      return restarted(i, moment);
    case 'rejected':
      return rejected(i, policy);
    case 'fetched':
      return fetched(i, event.of, moment);
    case 'fetchFailed':
      return fetchFailed(i, event.of, event.reason, policy, moment);
    case 'cleared':
      return cleared(i, event.of, policy, moment);
    case 'migrated':
    case 'migrationFailed':
      return migrationEnded(i, event, policy, moment);
    case 'restored':
      return restored(i, moment);
    case 'restoreFailed':
      return restoreFailed(i, policy, moment);
    case 'dataRestored':
      return dataRestored(i, event.update, policy);
    case 'healthy':
    case 'unhealthy':
    case 'exited':
      return slot?.deployment.id === event.of && isChildDue(i) ? ofChild(i, slot, event, policy, moment) : i;
    case 'spoiled':
      return ofBytes(i, event.of, policy, moment);
    case 'woke':
      return i.volatile.livenAt !== null && i.volatile.livenAt <= moment.now ? livened(i, policy, moment) : i;
    case 'announced':
    case 'configured':
    case 'held':
    case 'resumed':
    case 'stopped':
    case 'pinned':
    case 'unpinned':
    case 'forgiven':
    case 'approved':
    case 'disapproved':
    case 'prefetched':
      return i;
  }
}
