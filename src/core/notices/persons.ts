import type { InstanceEvent } from '../events.ts';
import type { Instance } from '../instance.ts';
import { type Notice, named } from './notice.ts';

export function ofPersons(before: Instance, event: InstanceEvent, after: Instance): readonly Notice[] {
  switch (event.type) {
    case 'held':
      return [{ event: 'held', until: after.said.held?.until ?? null }];
    case 'resumed':
      return before.said.held ? [{ event: 'resumed' }] : [];
    case 'pinned':
      return [{ event: 'pinned', ...named(event.release), forever: event.forever }];
    case 'unpinned':
      return before.said.pinned ? [{ event: 'unpinned' }] : [];
    case 'forgiven':
      return before.bars.length > after.bars.length ? [{ event: 'forgiven', checksum: event.checksum }] : [];
    case 'approved':
    case 'disapproved':
      return before.said.approved === after.said.approved ? [] : [{ event: event.type, checksum: event.checksum }];
    case 'stopped':
    case 'started':
    case 'restarted':
    case 'rejected':
      return [{ event: 'asked', to: event.type }];
    case 'configured':
      return JSON.stringify(before.config) === JSON.stringify(after.config) ? [] : [{ event: 'configured' }];
    default:
      return [
        ...(before.said.held && !after.said.held ? [{ event: 'resumed' }] : []),
        ...(before.said.pinned && !after.said.pinned ? [{ event: 'unpinned' }] : []),
      ];
  }
}
