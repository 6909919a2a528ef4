import type { UpdateId } from '../../core/instance.ts';
import { readRecord } from '../../process/child-record.ts';
import type { Stop } from '../../process/ending/stop-rule.ts';
import { bootId } from '../../process/machine.ts';
import { find } from '../../process/who/processes.ts';
import type { Cell } from '../instance/cell.ts';

const MARK = 'migration ';

/** What a migration of data is on record as, where a client's deployment stands: nobody adopts it. */
export const onRecordAs = (update: UpdateId): string => `${MARK}${update}`;

/** A migration is never asked: whatever it leaves is put back. */
export const atOnce: Stop = { signal: 'SIGKILL', grace: 0 };

/** Whether what a supervisor left when it died is a migration of data. */
export function isMigrationLeft({ folder }: Cell): boolean {
  const child = readRecord(folder.childRecord)?.child;
  return child?.deployment?.startsWith(MARK) === true && child.boot === bootId() && find(child) !== null;
}
