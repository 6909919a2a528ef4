/**
 * The domain page. An instance is one network and one client; what is known and wanted of it is this value.
 *
 *   slot    what serves            empty ─▶ probation ─▶ running      (switching, reverting: only where data must move)
 *   next    what is prepared       fetching ─▶ staged ─▶ (the slot)
 *   formers the ways back          were committed, newest first
 *   bars    what may not enter     quarantine, and a person's no
 *
 * `transition` changes it by events, `tasks` says what should be going on, and nothing else decides.
 */
import type { Deployment, Settings } from './deployment.ts';
import type { Checksum, Migration, Millis, Release, SpecVersion } from './release.ts';

/**
 * What the watch on the child last said. `down`: it left with an exit that forbids a restart.
 * `gone`: its bytes are lost and are being fetched again.
 */
export type Verdict = 'unknown' | 'healthy' | 'unhealthy' | 'down' | 'gone';

interface Occupied {
  readonly deployment: Deployment;
  readonly verdict: Verdict;
  /** Why the verdict is what it is, in words; `null` where there is nothing to say. */
  readonly reason: string | null;
  /** Exits since it was last stable. Volatile once committed. */
  readonly exits: number;
}

/** Committed. `youngUntil`: until then a crash loop leads back as a failed probation does. */
export interface Running extends Occupied {
  readonly at: 'running';
  readonly youngUntil: Millis | null;
}

/** Entered, not yet committed. `boots`: starts of the supervisor that it has seen; `since`: from when its deadline counts. */
export interface Probation extends Occupied {
  readonly at: 'probation';
  readonly boots: number;
  readonly since: Millis;
}

export type Serving = Running | Probation;

/** Names one switch, and the backup of the data that belongs to it. */
export type UpdateId = string;

/** What serves. The last two occur only where data must change while no child is up. */
export type Slot =
  | { readonly at: 'empty' }
  | Serving
  | {
      readonly at: 'switching';
      readonly from: Serving;
      readonly to: Deployment;
      readonly update: UpdateId;
      readonly migrations: readonly Migration[];
    }
  | {
      readonly at: 'reverting';
      readonly to: Serving;
      /** Whose backup is put back. */
      readonly update: UpdateId;
      /** The migration that the data have then seen last. */
      readonly data: UpdateId | null;
      readonly attempt: number;
      readonly retryAt: Millis | null;
    };

/** What is prepared beside the slot while it goes on. `staged`: verified and laid out; waits for its gates. */
export type Next =
  | {
      readonly at: 'fetching';
      readonly deployment: Deployment;
      readonly attempt: number;
      readonly retryAt: Millis | null;
      readonly reason: string | null;
    }
  | { readonly at: 'staged'; readonly deployment: Deployment; readonly since: Millis };

/** What an update made of the data. */
export interface DataUpdate {
  /** The update before it: what a restore of its backup leads back to. */
  readonly from: UpdateId | null;
  /** Every migration that the data have seen then. */
  readonly seen: readonly Checksum[];
}

/** Which spec versions a program says that it serves, and the words by which it was asked: asked by others it may say another thing. */
export interface ServesAnswer {
  readonly asked: string;
  readonly specVersions: readonly (readonly [from: number, to: number])[];
}

/** A deployment that was committed, and the migration that its data had then seen. */
export interface Former {
  readonly deployment: Deployment;
  readonly data: UpdateId | null;
}

export type Wait =
  | { readonly for: 'time'; readonly until: Millis }
  /** Excused by its control group: due when the former is healthy, at the latest then. */
  | { readonly for: 'former'; readonly until: Millis }
  | { readonly for: 'person' }
  /** Due; kept for its count. */
  | { readonly for: 'nothing' };

/** Why a deployment may not enter. A person's no is to a checksum, of an edit to the deployment. */
export type Bar =
  | {
      readonly by: 'failure';
      readonly of: Deployment;
      readonly attempts: number;
      readonly reason: string;
      readonly wait: Wait;
    }
  | { readonly by: 'person'; readonly checksum: Checksum; readonly deployment: Deployment | null };

/** A person's wish, in force until the chain names another checksum than `over` (for ever: `over` is not asked). */
export interface Pin {
  readonly release: Release;
  readonly over: Checksum | null;
  readonly forever: boolean;
}

export interface Hold {
  readonly since: Millis;
  readonly until: Millis | null;
}

/** What the source last said. A level: it stays until another is heard. */
export interface ChainView {
  readonly named: Release | null;
  /** What will be named once the announced runtime is in force. */
  readonly pending: Release | null;
  /** A runtime upgrade is authorised and not yet in force. */
  readonly upgradeAhead: boolean;
  readonly specVersion: SpecVersion;
  /** The finalised block of the last change that was heard. */
  readonly block: number | null;
  /** Came into force together with the runtime that it was pending for. */
  readonly urgent: Checksum | null;
}

/** What is not on disk: a restart of the supervisor begins with none of it. */
export interface Volatile {
  /** Until then the child rests before its next start. */
  readonly rest: Millis | null;
  /** Restarts since it was last stable: the length of the next rest. */
  readonly restarts: number;
  /** Another number is another start of the same deployment. */
  readonly turn: number;
  /** When liveness restarted the child, within its budget's period. */
  readonly livened: readonly Millis[];
  /** When liveness looks again at a committed child that is up and unhealthy; nothing else has it. */
  readonly livenAt: Millis | null;
}

export interface Instance {
  readonly slot: Slot;
  readonly next: Next | null;
  readonly formers: readonly Former[];
  readonly bars: readonly Bar[];
  /** Under which spec versions a checksum was ever healthy here; in the order in which they first were. */
  readonly proven: Readonly<Record<Checksum, readonly number[]>>;
  /** What programs said of themselves; in the order in which they last did. */
  readonly answers: Readonly<Record<Checksum, ServesAnswer>>;
  /** The migration that the data have last seen. */
  readonly data: UpdateId | null;
  /** Of the present data and those of the formers. */
  readonly updates: Readonly<Record<UpdateId, DataUpdate>>;
  readonly chain: ChainView;
  readonly config: { readonly settings: Settings; readonly initial: Release | null };
  readonly said: {
    readonly held: Hold | null;
    readonly stopped: boolean;
    readonly pinned: Pin | null;
    readonly approved: readonly Checksum[];
  };
  readonly volatile: Volatile;
}
