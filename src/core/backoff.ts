import type { Millis } from './release.ts';

/** A wait that doubles from `after` up to `max`. */
export interface Backoff {
  readonly after: Millis;
  readonly max: Millis;
}

/** The n-th wait (from 0), without jitter. */
export function waitOf({ after, max }: Backoff, n: number): Millis {
  return Math.min(max, after * 2 ** Math.min(n, 40));
}

/**
 * The n-th wait with full jitter: evenly anywhere below it, so that a fleet does not come back all at once
 * (AWS Architecture Blog, "Exponential Backoff And Jitter"). `chance` is in [0, 1).
 */
export function jittered(backoff: Backoff, n: number, chance: number): Millis {
  return Math.ceil(waitOf(backoff, n) * chance);
}
