import type { Millis } from '../core/release.ts';

/**
 * Lets something run for at most `limit`; `null` when the time ran out. Rejects when `signal` aborts, or as `act` does.
 * Not `AbortSignal.any`: on Node 20 a signal as old as the daemon would keep every derived one.
 */
export async function within<T extends {}>(
  limit: Millis,
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
