import type { Millis } from '../core/release.ts';
import { isRecorded, readRecord } from './child-record.ts';
import { machineTime } from './machine.ts';
import { processAt, startedAt } from './who/processes.ts';

/**
 * The child on record, if it still runs, whoever looks after it. `null`: none.
 * @param record path of the record of the last spawn
 * @returns the pid, and the start on the wall clock
 */
export function recordedChild(record: string): { readonly pid: number; readonly startedAt: Millis } | null {
  const last = readRecord(record);
  const child = last?.child ? processAt(last.child.pid) : null;
  if (child === null || !isRecorded(child, last)) return null;
  return { pid: child.pid, startedAt: Date.now() - (machineTime() - startedAt(child)) };
}
