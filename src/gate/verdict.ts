import type { Millis } from '../core/release.ts';

/** What a gate says when it is asked. */
export type Verdict = Open | Waits;

export interface Open {
  readonly is: 'open';
  /** What it would have waited for, where it opens all the same. */
  readonly although?: string;
}

export interface Waits {
  readonly is: 'waits';
  /** What for, and until when where that is known: reads on after "waits for". */
  readonly for: string;
  /** When it is asked again at the latest, from now. */
  readonly again: Millis;
  /** What somebody should look at: this will not mend itself. */
  readonly alarm?: string;
}

export const open: Open = { is: 'open' };

export const waits = (what: string, again: Millis): Waits => ({ is: 'waits', for: what, again });

/** No longer waited for, and that is said. */
export const opensAlthough = (wait: Waits, why: string): Open => ({ is: 'open', although: `${wait.for}; ${why}` });
