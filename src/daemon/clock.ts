import type { Millis } from '../core/release.ts';
import { machineTime } from '../process/machine.ts';

/**
 * Our own clock, which decides: it goes on evenly, also while the machine sleeps, whatever becomes of the wall clock. Only people are told
 * the wall's time.
 */
export interface Clock {
  now(): Millis;
  /** By how much the wall clock is ahead of ours just now. */
  drift(): Millis;
  /** Resolves at that time; rejects when the signal aborts. */
  sleepUntil(time: Millis, signal: AbortSignal): Promise<void>;
}

export interface Sources {
  /** What our clock says at its begin; default: what the wall's says. */
  readonly begin?: Millis;
  readonly wall?: () => Millis;
  /** Goes on evenly, but not while the machine sleeps; as timers do. */
  readonly monotonic?: () => Millis;
  /** Goes on while the machine sleeps, to 10 ms. */
  readonly machine?: () => Millis;
}

/** setTimeout does not count while the machine sleeps, so we look again this often. */
const LOOK_AGAIN = 60_000;

/** What two clocks may differ by that go alike: one is told to 10 ms, another is slewed, and none is read at the same moment. */
const NOTICEABLE = 1_000;

export function createClock(sources: Sources = {}): Clock {
  const { wall = Date.now, monotonic = () => performance.now(), machine = machineTime, begin = wall() } = sources;
  const [monotonicBegin, machineBegin] = [monotonic(), orNull(machine)];
  let slept = 0;
  const now = () => {
    const awake = monotonic() - monotonicBegin;
    const gap = (orNull(machine) ?? 0) - (machineBegin ?? 0) - awake;
    if (machineBegin !== null && gap > slept + NOTICEABLE) slept = gap;
    return Math.round(begin + awake + slept);
  };
  const drift = () => {
    const ahead = Math.round(wall() - now());
    return Math.abs(ahead) < NOTICEABLE ? 0 : ahead;
  };
  return { now, drift, sleepUntil: (time, signal) => sleepUntil(now, time, signal) };
}

/** The uptime is read from a file, and a process may be out of descriptors: no decision may break for that. */
function orNull(machine: () => Millis): Millis | null {
  try {
    return machine();
  } catch {
    return null;
  }
}

async function sleepUntil(now: () => Millis, time: Millis, signal: AbortSignal): Promise<void> {
  for (let left = time - now(); left > 0; left = time - now()) await timer(Math.min(left, LOOK_AGAIN), signal);
  signal.throwIfAborted();
}

function timer(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timeout);
      reject(signal.reason);
    };
    const timeout = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
