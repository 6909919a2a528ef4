import type { Millis } from '../core/release.ts';
import type { Outcome } from './probe.ts';

/** For how long a probe has failed without a pass, as we saw it; `null`: its last round passed. */
export type Failing = Millis | null;

/**
 * The fail clock of one probe after a further round.
 * @param elapsed what has passed since its round before, less what we did not see (see `witnessed`)
 */
export function advance(failing: Failing, outcome: Outcome, elapsed: Millis): Failing {
  if (outcome.is === 'passed') return null;
  return failing === null ? 0 : failing + elapsed;
}

/**
 * Of a stretch of time that should have taken `planned`, what may be counted: all of it, or nothing where it took much
 * longer. Then the supervisor itself was stopped (SIGSTOP, a starved machine) and saw neither failing nor passing.
 */
export function witnessed(took: Millis, planned: Millis, tolerance: Millis): Millis {
  return took > planned + tolerance ? 0 : took;
}
