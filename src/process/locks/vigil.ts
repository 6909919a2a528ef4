import { settlesWithin } from '../../within.ts';
import { type Lock, waitForLock } from '../lock.ts';

/** A helper that sleeps on a lock before its holder is asked to leave: it has it within a millisecond, where asking afterwards takes five. */
export interface Vigil {
  /** The lock, if it is free within `ms`; the vigil ends either way, and gives it once. */
  end(ms: number): Promise<Lock | null>;
}

export function keepVigil(path: string, identity: string): Vigil {
  const given = new AbortController();
  const waiting = waitForLock(path, given.signal, identity).catch(() => null);
  let ended = false;
  const end = async (ms: number): Promise<Lock | null> => {
    if (ended) return null;
    ended = true;
    if (!(await settlesWithin(ms, waiting))) given.abort();
    return waiting;
  };
  return { end };
}
