import type { Millis } from '../core/release.ts';

/**
 * Wall clock at start + monotonic time since: a clock that is set back or forth while we run moves no deadline.
 */
export interface Clock {
  now(): Millis;
  /** Resolves at that time; rejects when the signal aborts. */
  sleepUntil(time: Millis, signal: AbortSignal): Promise<void>;
}

/** setTimeout counts in 32 bits. */
const LONGEST_TIMER = 2 ** 31 - 1;

export function createClock(): Clock {
  const offset = Date.now() - performance.now();
  const now = () => Math.round(offset + performance.now());
  return { now, sleepUntil: (time, signal) => sleepUntil(now, time, signal) };
}

async function sleepUntil(now: () => Millis, time: Millis, signal: AbortSignal): Promise<void> {
  for (let left = time - now(); left > 0; left = time - now()) await timer(Math.min(left, LONGEST_TIMER), signal);
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
