import type { Backoff } from './backoff.ts';
import type { Millis, Release } from './release.ts';

/** How patient the rules are: figures and two judgements, from the operator's file. */
export interface Policy {
  /** Exits since it was last stable that make a child unhealthy. */
  readonly exits: number;
  /** Starts of the supervisor that a probation may see before it has failed. */
  readonly boots: number;
  /** The waits of a quarantined deployment, and how many tries it has in all before only a person lifts it. */
  readonly retry: Backoff & { readonly attempts: number };
  readonly download: Backoff;
  /** The child's own backoff; forgotten once it was up for `stableAfter`. */
  readonly restart: Backoff & { readonly stableAfter: Millis };
  /** How long after a commit a crash loop still leads back. */
  readonly rollbackWindow: Millis;
  /** At most `restarts` in any `per`; `failFor` between two. */
  readonly liveness: { readonly failFor: Millis; readonly restarts: number; readonly per: Millis };
  /** How many other checksums that were committed are kept. */
  readonly keep: number;
  readonly allowDowngrade: boolean;
  /** Whether `to` is an older release than `from`, as far as their versions say. */
  readonly isDowngrade: (from: Release, to: Release) => boolean;
  /** Why the operator's lists do not admit a release, in words; `null`: they do. */
  readonly forbids: (release: Release) => string | null;
  /** The words by which programs are asked which spec versions they serve; `null`: they are not asked. */
  readonly asks: string | null;
  /** Nothing enters to which no person said yes. */
  readonly approval: boolean;
  /** What serves must pass its own probes before it is replaced, so that the verdict on its successor means something. */
  readonly requireHealthy: boolean;
  /** A new runtime starts the child again. */
  readonly restartOnSpecVersion: boolean;
  /** Whether it is known where the data lie. */
  readonly hasDataDir: boolean;
  /** What an automatic way back does where the data were migrated and the new client was started on them. */
  readonly dataRollback: 'never' | 'compatible' | 'restore';
}

/** When an event happened, and a number in [0, 1) drawn for its jitter: the rules themselves throw no dice. */
export interface Moment {
  readonly now: Millis;
  readonly chance: number;
}
