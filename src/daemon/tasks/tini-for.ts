import { findTini } from '../../process/start/tini.ts';
import type { Cell } from '../instance/cell.ts';
import { tellBlocked } from '../instance/guard.ts';

/** A person installs it: nothing tells us when. */
const LOOK_AGAIN = 10_000;

/**
 * The tini below which the client is to run; absent: below none. Where the file asks for it and it is not installed the client waits for it: that is no
 * fault of its release.
 */
export async function tiniFor(cell: Cell, signal: AbortSignal): Promise<string | undefined> {
  for (;;) {
    if (cell.config().parentDeath === null) return undefined;
    const tini = findTini();
    if (tini !== null) return tini;
    tellBlocked(
      'parentDeath is "tini", and tini is not installed: install it (Debian, Ubuntu: apt-get install tini; Alpine: apk add tini), or take parentDeath out',
      cell,
    );
    const { clock } = cell.services;
    await clock.sleepUntil(clock.now() + LOOK_AGAIN, signal);
  }
}
