import type { Millis } from '../../core/release.ts';
import { type Known, leftOf, rounded } from './hours.ts';

/** Since when nothing healthy serves; `null`: something does. */
export interface Service {
  readonly goneSince: Millis | null;
}

/** For how long nothing healthy may serve before it matters: a start that goes well takes half of it. */
export const patienceOf = (minHealthyTime: Millis): Millis => 2 * minHealthyTime;

/** Nothing healthy has served for long, and of the hours last known fewer than `below` are left. It wakes somebody; it stops nothing. */
export function isCritical(
  known: Known | null,
  { goneSince }: Service,
  rules: { readonly below: number; readonly minHealthyTime: Millis },
  now: Millis,
): boolean {
  if (known === null || goneSince === null) return false;
  return now - goneSince >= patienceOf(rules.minHealthyTime) && leftOf(known, now) < rules.below;
}

/** What is said when it is critical. */
export const criticalWords = (known: Known, now: Millis): string =>
  `nothing healthy serves, and ${rounded(leftOf(known, now))} hours are left until its first payment is due`;
