import type { Deployment } from '../../core/deployment.ts';
import type { TaskEvent } from '../../core/events.ts';
import { VisorError } from '../../errors.ts';
import { briefly, type Cell } from '../instance/cell.ts';
import { notUp } from './exit-event.ts';
import { openReady } from './fetch.ts';

/** What is to be started lies there no more, or is not what it was. */
export class LostBytes extends Error {}

/**
 * What could not be read a moment ago is looked at once more: a read that fails once (EIO) is no lost file, and another release must not pay for it.
 * What is whole then could not be started this time.
 */
export async function lookAgain(of: Deployment, cell: Cell, signal: AbortSignal): Promise<TaskEvent> {
  cell.ready.delete(of.id);
  // one that is found damaged there goes with it; where the look itself fails, that is asked here
  const laid = await openReady(of, cell, signal).catch(() => discardDamaged(of, cell));
  signal.throwIfAborted();
  if (laid !== null) {
    cell.log.error({ ...briefly(of), next: flaky.next }, `the client could not be started: ${flaky.message}`);
    return notUp(of, flaky, cell);
  }
  cell.log.error(briefly(of), 'the program is missing or damaged: it is not started');
  return { type: 'spoiled', of: of.id };
}

async function discardDamaged({ release }: Deployment, { services: { blobs } }: Cell): Promise<null> {
  if (!(await blobs.verify(release.checksum))) await blobs.discard(release.checksum);
  return null;
}

const flaky = new VisorError(
  'io',
  'Its program could not be read, or was not there, just before its start; it is whole now',
  'Look at the disk: dmesg, smartctl.',
);
