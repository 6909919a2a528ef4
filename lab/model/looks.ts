import { setTimeout as sleep } from 'node:timers/promises';
import type { Look } from '../../src/observe/look.ts';
import { look } from '../support/daemon.ts';

/** Milliseconds between two looks at one daemon, for all that ask. */
const EVERY = 40;

/** One look for all that wait for one: each gets one that began after it asked. `null` where no daemon answers. */
export function createLooks(home: string): () => Promise<Look | null> {
  let waiting: ((look: Look | null) => void)[] = [];
  let isLooking = false;

  async function serve(): Promise<void> {
    isLooking = true;
    while (waiting.length > 0) {
      const served = waiting;
      waiting = [];
      const seen = await look(home);
      for (const answer of served) answer(seen);
      await sleep(EVERY);
    }
    isLooking = false;
  }

  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (!isLooking) void serve();
    });
}
