import type { Millis } from '../core/release.ts';
import type { Outcome } from './probe.ts';

/** For how long a probe has failed without a pass, as we saw it; `null`: its last round passed. */
export type Failing = Millis | null;

/**
 * The fail clock of one probe after a further round.
 * @param elapsed what has passed since its round before, less the gaps (see `isGap`)
 */
export function advance(failing: Failing, outcome: Outcome, elapsed: Millis): Failing {
  if (outcome.is === 'passed') return null;
  return failing === null ? 0 : failing + elapsed;
}

/**
 * Whether a stretch of time took so much longer than planned that the supervisor itself was stopped (SIGSTOP, a starved
 * machine): it saw neither failing nor passing, so that stretch does not count.
 */
export function isGap(took: Millis, planned: Millis, tolerance: Millis): boolean {
  return took > planned + tolerance;
}
