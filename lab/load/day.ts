import { usualTuning } from '../../src/chain/tuning.ts';
import { jittered } from '../../src/core/backoff.ts';
import type { Random } from '../support/random.ts';

/** How the sessions of a bad day end; of those in the first list the node has answered a read before. */
export const afterReading = ['cut after a read', 'closed after a read', 'nonsense after a read'] as const;
export const beforeReading = [
  'cut at once',
  'cut at the genesis',
  'not JSON',
  'binary',
  'subscription refused',
  'an answer for another block',
] as const;

export type Fault = (typeof afterReading)[number] | (typeof beforeReading)[number];

/** One session in three answers a read. */
const ANSWERED = 1 / 3;

export const drawFault = (random: Random): Fault =>
  random.chance(ANSWERED) ? random.pick(afterReading) : random.pick(beforeReading);

const DAY = 24 * 3_600_000;

/**
 * How many sessions such a day has at most: between two of them is the product's own backoff, and each is lost as soon as it
 * is made.
 */
export function sessionsOfADay(random: Random): number {
  let [sessions, failures] = [0, 0];
  for (let time = 0; time < DAY; sessions += 1) {
    failures = random.chance(ANSWERED) ? 0 : failures + 1;
    time += jittered(usualTuning.backoff, failures, random.next());
  }
  return sessions;
}
