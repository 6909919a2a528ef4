import type { Millis } from '../../core/release.ts';
import type { Known } from '../../store/state-redeem.ts';

export type { Known } from '../../store/state-redeem.ts';

const HOUR: Millis = 3_600_000;

/** Nothing that a chain lets wait is further away: another unit, or garbage. */
const LONGEST = 24 * 365;

/**
 * How much faster than time the hours may fall. They are counted in blocks of 12 s (interbtc-clients, vault/src/metrics.rs:501), which may
 * come twice as fast, and in blocks of Bitcoin, of which a dozen may come at once.
 */
const SPEED = 2;
const JOLT = 2;

/** What is known of the hours; `suspect`: readings that cannot be true, without a pause between them. */
export interface Hours {
  readonly known: Known | null;
  readonly suspect: { readonly since: Millis; readonly last: Millis } | null;
}

/** `trouble`: why the reading is not believed. `kind` is the same as long as it is one trouble: its words have figures in them. */
export interface Heard extends Hours {
  readonly trouble: { readonly kind: 'page' | 'value' | 'fall'; readonly words: string } | null;
}

export interface Doubts {
  /** Under how many hours the first reading of all is not taken as it is. */
  readonly below: number;
  /** What falls too fast is believed when it has stood so long; between two readings of it there is less than that. */
  readonly standing: Millis;
}

/** A reading of the client's page: hours, or the words that say why there are none. */
export function heard(before: Hours, reading: number | string, now: Millis, { below, standing }: Doubts): Heard {
  if (typeof reading === 'string') return { ...before, trouble: { kind: 'page', words: reading } };
  if (!(reading >= 0 && reading <= LONGEST))
    return { ...before, trouble: { kind: 'value', words: `${reading} is no number of hours` } };
  const least = before.known === null ? below : slowest(before.known, now);
  const since = before.suspect !== null && now - before.suspect.last < standing ? before.suspect.since : now;
  const isBelieved = reading >= least || now - since >= standing;
  if (isBelieved) return { known: { hours: reading, at: now }, suspect: null, trouble: null };
  const words = `${rounded(reading)} hours, ${before.known === null ? 'at once' : `after ${rounded(leftOf(before.known, now))}`}: believed only if it stays so`;
  return { known: before.known, suspect: { since, last: now }, trouble: { kind: 'fall', words } };
}

const slowest = (known: Known, now: Millis): number => known.hours - SPEED * hoursSince(known, now) - JOLT;

/** What is left of them now: nobody asks the page of a client that is down. */
export const leftOf = (known: Known, now: Millis): number => Math.max(0, known.hours - hoursSince(known, now));

/** A clock that was set back makes no time pass. */
const hoursSince = ({ at }: Known, now: Millis): number => Math.max(0, now - at) / HOUR;

/** To a tenth, for people. */
export const rounded = (hours: number): number => Math.round(hours * 10) / 10;

/** Whether another record on disk would say something else than the one that is there. */
export const differs = (saved: Known | null, known: Known): boolean =>
  saved === null || known.at - saved.at >= HOUR / 12 || Math.abs(leftOf(saved, known.at) - known.hours) >= 0.1;
