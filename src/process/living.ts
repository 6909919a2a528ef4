import type { Millis } from '../core/release.ts';
import { isRecorded, readRecord } from './child-record.ts';
import { machineTime } from './machine.ts';
import { holdersOf } from './who/holders.ts';
import { type Process, startedAt } from './who/processes.ts';

/**
 * The child that is up according to its lock, whoever started it: for a status from disk, when no daemon can be asked. `null`: none.
 * @param record path of the record of the last spawn; of several holders it names the main one, else the eldest is it
 * @returns the pid, and the start on the wall clock
 */
export async function livingChild(
  lock: string,
  record: string,
): Promise<{ readonly pid: number; readonly startedAt: Millis } | null> {
  const holders = [...(await holdersOf(lock))].sort((a, b) => a.start - b.start);
  const last = readRecord(record);
  const child: Process | undefined = holders.find((holder) => isRecorded(holder, last)) ?? holders[0];
  return child === undefined ? null : { pid: child.pid, startedAt: Date.now() - (machineTime() - startedAt(child)) };
}
