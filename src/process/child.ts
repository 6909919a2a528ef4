import type { Millis } from '../core/release.ts';

/** The client while it is up. */
export interface Child {
  readonly pid: number;
  /** Wall clock. */
  readonly startedAt: Millis;
  /** The same moment on the clock of performance.now(). */
  readonly since: number;
  /** Where its lines begin in its log, in bytes; absent of one whose output goes elsewhere. */
  readonly logFrom?: number;
  /** Which of the request's `texts` were looked for in every line of this start: of an adopted child perhaps none. */
  readonly texts: readonly string[];
  /** Whether a line of this start contains this text. */
  seen(text: string): boolean;
  /** The newest last; safe to print. */
  lastLines(): readonly string[];
}

/** How a client's run ended. When this is told, the process is gone and its lock is free. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
  /** In words: `exited with status 1`, `killed by SIGKILL (out of memory)`, `could not be started: …`. */
  readonly cause: string;
  readonly uptime: Millis;
  /** It was adopted: its parent was another, so nobody tells us its status. */
  readonly adopted: boolean;
  /** We asked it to leave, or were told to before it was started. */
  readonly asked: boolean;
  readonly lastLines: readonly string[];
  /** Those of the request's `texts` that a line of this start contained. */
  readonly seen: ReadonlySet<string>;
}

/** The end of a run that never had a process. */
export function notStarted(cause: string, asked: boolean): Exit {
  return { code: null, signal: null, cause, uptime: 0, adopted: false, asked, lastLines: [], seen: new Set() };
}
