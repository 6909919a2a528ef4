import type { Millis } from '../../core/release.ts';

/** How a client is asked to leave. */
export interface Stop {
  readonly signal: NodeJS.Signals;
  /** How long it may take before it is killed; `null`: as long as it wants. */
  readonly grace: Millis | null;
}
