import { setTimeout as sleep } from 'node:timers/promises';
import type { Daemon } from '../support/daemon.ts';
import type { Wall } from './wall.ts';

/** What is done to a daemon's time while it waits for this and that. */
export interface Disturbance {
  readonly name: string;
  /** Begins it; what is returned ends it. */
  begin(daemon: Daemon, wall: Wall): () => Promise<void>;
}

const YEARS = 10 * 365 * 86_400_000;
const HOUR = 3_600_000;

/** Longer than every time that a client of the round waits for. */
const PAUSE = 7_000;

const setting = (name: string, to: Parameters<Wall['set']>[0]): Disturbance => ({
  name,
  begin(_daemon, wall) {
    wall.set(to);
    return async () => {};
  },
});

/** In this order, so that a few rounds see the most telling ones. */
export const disturbances: readonly Disturbance[] = [
  setting('years back', { is: 'away', by: -YEARS }),
  setting('years ahead', { is: 'away', by: YEARS }),
  { name: 'paused', begin: (daemon) => paused(daemon) },
  { name: 'to and fro', begin: (_daemon, wall) => toAndFro(wall) },
  setting('frozen', { is: 'frozen' }),
  setting('fast', { is: 'fast', times: 1_000 }),
  setting('an hour back', { is: 'away', by: -HOUR }),
  { name: 'paused, and years back meanwhile', begin: (daemon, wall) => pausedBack(daemon, wall) },
];

function paused(daemon: Daemon): () => Promise<void> {
  daemon.kill('SIGSTOP');
  const over = sleep(PAUSE).then(() => daemon.kill('SIGCONT'));
  return () => over;
}

function pausedBack(daemon: Daemon, wall: Wall): () => Promise<void> {
  const over = paused(daemon);
  wall.set({ is: 'away', by: -YEARS });
  return over;
}

function toAndFro(wall: Wall): () => Promise<void> {
  const stop = new AbortController();
  const run = async () => {
    for (let step = 0; !stop.signal.aborted; step += 1) {
      wall.set({ is: 'away', by: step % 2 === 0 ? YEARS : -YEARS });
      await sleep(150);
    }
  };
  const over = run();
  return async () => {
    stop.abort();
    await over;
  };
}
