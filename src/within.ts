/**
 * Lets something run for at most `limit` milliseconds (up to 2^31 - 1); `null` when the time ran out. Rejects when `signal` aborts, or as `act` does.
 * Not `AbortSignal.any`: on Node 20 a signal as old as the daemon would keep every derived one, and the garbage collector may take one before it fires.
 */
export async function within<T extends {}>(
  limit: number,
  signal: AbortSignal,
  act: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  signal.throwIfAborted();
  const own = new AbortController();
  const passOn = () => own.abort(signal.reason);
  const timer = setTimeout(() => own.abort(), limit);
  signal.addEventListener('abort', passOn, { once: true });
  try {
    return await act(own.signal);
  } catch (thrown) {
    signal.throwIfAborted();
    if (own.signal.aborted) return null;
    throw thrown;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', passOn);
  }
}

/** Whether a promise settles within `ms` (up to 2^31 - 1); it goes on either way. Rejects as the promise does. */
export async function settlesWithin(ms: number, promise: Promise<unknown>): Promise<boolean> {
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
