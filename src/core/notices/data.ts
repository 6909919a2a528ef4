import { same } from '../deployment.ts';
import type { InstanceEvent } from '../events.ts';
import type { Instance } from '../instance.ts';
import { occupant } from '../occupancy.ts';
import { quarantined } from './bars.ts';
import { type Notice, told } from './notice.ts';

/** What became of the data, and of who waits for them. */
export function ofData({ slot: was }: Instance, event: InstanceEvent, after: Instance): readonly Notice[] {
  const { slot: is } = after;
  if (is.at === 'switching' && was.at !== 'switching') {
    const migrations = is.migrations.map(({ checksum }) => checksum);
    return [{ event: 'migrating', ...told(is.to), update: is.update, migrations }];
  }
  if (was.at === 'switching' && event.type === 'migrated')
    return [{ event: 'migrated', ...told(was.to), update: was.update }];
  if (was.at === 'switching' && is.at === 'reverting') {
    const reason = event.type === 'migrationFailed' ? event.reason : 'a person ended it';
    const bar = after.bars.find((b) => b.by === 'failure' && same(b.of, was.to));
    return [
      { event: 'migrationFailed', ...told(was.to), update: was.update, reason },
      ...(bar?.by === 'failure' ? [quarantined(bar)] : []),
    ];
  }
  if (is.at === 'reverting' && was.at !== 'reverting')
    return [{ event: 'rolledBack', ...told(is.to.deployment), from: occupant(was)?.id ?? null, restoring: is.update }];
  if (was.at === 'reverting' && event.type === 'restored') return [{ event: 'restored', update: was.update }];
  if (was.at === 'reverting' && event.type === 'restoreFailed')
    return [{ event: 'restoreFailed', update: was.update, reason: event.reason }];
  return event.type === 'dataRestored' && is !== was ? [{ event: 'restored', update: event.update, by: 'person' }] : [];
}
