import type { Millis } from '../core/release.ts';
import { settlesWithin } from '../within.ts';
import type { RecordKeeper } from './child-record.ts';
import type { ClearRequest } from './clear.ts';
import { createEviction } from './ending/eviction.ts';
import type { Running } from './start/spawn.ts';
import { wordsFor } from './who/process-details.ts';
import { find } from './who/processes.ts';

/** A client that takes its time is told of at least this often; an infinite grace must not be a silent one. */
const TELL_AGAIN = 60_000;

/**
 * Asks our child to leave, and kills it with its whole group when the grace is over. Resolves when its main process is gone.
 * @returns how long after it was asked it was killed; `null`: it left by itself
 */
export async function stopChild(request: ClearRequest, record: RecordKeeper, running: Running): Promise<Millis | null> {
  const eviction = createEviction(request, record);
  const since = performance.now();
  const waited = (): Millis => performance.now() - since;
  let killedAfter: Millis | null = null;
  let told = false;
  while (!running.hasExited()) {
    const present = find(running);
    const rest = present === null ? null : await eviction.step([present]);
    if (rest === 0) killedAfter ??= waited();
    if (present !== null && waited() >= TELL_AGAIN) {
      told = true;
      request.blocked(
        `${await wordsFor(present)} was asked to leave ${Math.round(waited() / 1_000)} s ago and is still there`,
      );
    }
    await settlesWithin(Math.min(rest || TELL_AGAIN, TELL_AGAIN), running.exited);
  }
  if (told) request.blocked(null);
  return killedAfter;
}
