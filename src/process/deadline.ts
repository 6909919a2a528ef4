import type { Millis } from '../core/release.ts';

/**
 * Lets work go on for at most `ms` (up to 2^31 - 1); `null` when the time was up first. The work must end when its signal is aborted.
 * Not AbortSignal.any with AbortSignal.timeout: on Node 20 the garbage collector may take such a pair before it fires.
 */
export async function withDeadline<T>(
  ms: Millis,
  signal: AbortSignal,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const limit = new AbortController();
  const stop = (): void => limit.abort(signal.reason);
  const timer = setTimeout(() => limit.abort(), ms);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await work(limit.signal);
  } catch (thrown) {
    if (limit.signal.aborted && !signal.aborted) return null;
    throw thrown;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** Whether a promise settles within `ms` (up to 2^31 - 1); it goes on either way. Rejects as the promise does. */
export async function settlesWithin(ms: Millis, promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
