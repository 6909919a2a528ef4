import type { Millis } from '../core/release.ts';
import type { Log } from '../log.ts';
import type { Manager } from './manager.ts';

/** What the manager is told of. */
export interface Attended {
  /** How the clients are, in one line. */
  words(): string;
  /** What of it has not moved for so long that it must be taken for dead, in words; `null`: all of it is alive. */
  stuck(): string | null;
  /** What a stop waits for, in words. */
  waitsFor(): readonly string[];
}

/** Tells the service manager how we are, from when we are up to our end. */
export interface Attendance {
  /** Does it, between `RELOADING=1` and `READY=1`. */
  reload(act: () => Promise<void>): Promise<void>;
  /** Does it, and has the manager wait for as long as it takes. */
  stop(act: () => Promise<void>): Promise<void>;
}

/** Nobody wants to be told. */
export const unattended: Attendance = { reload: (act) => act(), stop: (act) => act() };

/** How soon a change is told, where no watchdog asks for more. */
const LOOK: Millis = 5_000;

/** What was not heard is said again this soon: an alarm for want of a process would be a false one. */
const AGAIN: Millis = 1_000;

/** Each time that it is said the manager waits this long; it is said thrice as often. */
const PATIENCE: Millis = 30_000;

/** `READY=1`, and from now on what changes. */
export function attend(manager: Manager, attended: Attended, log: Log): Attendance {
  let told = '';
  let isReady = false;
  let isLeaving = false;
  let reloads = 0;
  let wasStuck: string | null = null;

  /** Only what changed, and what was not heard yet. */
  async function look(...also: readonly string[]): Promise<boolean> {
    const now = attended.words();
    const isNews = now !== told && !isLeaving;
    const isNewlyReady = !isReady && reloads === 0;
    const fields = [...(isNewlyReady ? ['READY=1'] : []), ...also, ...(isNews ? [`STATUS=${now}`] : [])];
    if (fields.length === 0) return true;
    const isHeard = await manager.tell(...fields);
    isReady ||= isHeard && isNewlyReady;
    if (isHeard && isNews) told = now;
    return isHeard;
  }

  /** A manager that is not fed ends us, so the log says before why that is. */
  async function feed(): Promise<boolean> {
    const stuck = attended.stuck();
    if (stuck !== null && stuck !== wasStuck)
      log.error({ stuck }, 'this does not move any more: the watchdog is not fed, and ends this vaultvisor');
    wasStuck = stuck;
    return stuck === null ? look('WATCHDOG=1') : look();
  }

  const looking = every(LOOK, () => look());
  const feeding = manager.watchdog === null ? null : every(manager.watchdog / 2, feed);

  return {
    async reload(act) {
      if (isLeaving) return act();
      // CLOCK_MONOTONIC, by which Type=notify-reload knows this reload from an earlier one
      const since = process.hrtime.bigint() / 1_000n;
      reloads++;
      isReady = false;
      try {
        await manager.tell('RELOADING=1', `MONOTONIC_USEC=${since}`);
        await act();
      } finally {
        reloads--;
      }
      await look();
    },
    async stop(act) {
      isLeaving = true;
      looking.end();
      const longer = (): Promise<boolean> => {
        const words = ['stopping', ...attended.waitsFor()].join('; ');
        return manager.tell('STOPPING=1', `EXTEND_TIMEOUT_USEC=${PATIENCE * 1_000}`, `STATUS=${words}`);
      };
      const extending = every(PATIENCE / 3, longer);
      try {
        await act();
      } finally {
        extending.end();
        feeding?.end();
      }
    },
  };
}

/** At once, then again and again; sooner where it was not heard. */
function every(wait: Millis, act: () => Promise<boolean>): { end(): void } {
  let hasEnded = false;
  let timer: NodeJS.Timeout;
  const turn = async (): Promise<void> => {
    const isHeard = await act();
    if (!hasEnded) timer = setTimeout(() => void turn(), isHeard ? wait : Math.min(AGAIN, wait));
  };
  void turn();
  return {
    end() {
      hasEnded = true;
      clearTimeout(timer);
    },
  };
}
