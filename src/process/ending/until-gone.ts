import { setTimeout as pause } from 'node:timers/promises';
import type { Millis } from '../../core/release.ts';
import { settlesWithin } from '../../within.ts';
import { waitForLock } from '../lock.ts';
import { find, type Named } from '../who/processes.ts';

/** The lock tells of its end, unless something that it left behind still has the lock: that nobody tells, so it is looked for this often. */
const LOOK_AGAIN: Millis = 1_000;

/** Its files are closed before it is gone. */
const SOON: Millis = 20;

/**
 * Resolves when a process that is no child of ours is gone: at the moment when its lock is free, as a rule. Where it let go of its lock and lives on, we
 * have the lock until it is gone.
 */
export async function untilGone(one: Named, lock: string, identity: string): Promise<void> {
  const given = new AbortController();
  let isWaiting = true;
  const free = waitForLock(lock, given.signal, identity)
    .catch(() => null)
    .finally(() => {
      isWaiting = false;
    });
  for (let wait = SOON; find(one) !== null; wait = isWaiting ? SOON : Math.min(2 * wait, LOOK_AGAIN))
    await (isWaiting ? settlesWithin(LOOK_AGAIN, free) : pause(wait));
  given.abort();
  (await free)?.release();
}
