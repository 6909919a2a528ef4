import type { Policy } from '../../../src/core/policy.ts';
import type { Label, Name } from './names.ts';

/**
 * How a client really is. good: healthy; sick: up, never healthy; crash: leaves at once; final: leaves with an exit
 * that forbids a restart; flaky: now healthy, now not; rotten: its bytes are damaged whenever it is started.
 */
export type Health = 'good' | 'sick' | 'crash' | 'final' | 'flaky' | 'rotten';

/** How often each thing that does not happen by itself may happen. */
export interface Budget {
  /** The chain names another release. */
  readonly names: number;
  /** A release becomes pending, and a runtime upgrade is announced. */
  readonly pendings: number;
  /** The runtime changes; what is pending is named from then on. */
  readonly runtimes: number;
  readonly edits: number;
  readonly acts: number;
  /** SIGKILL of the supervisor. */
  readonly deaths: number;
  readonly fetchFails: number;
  /** Exits of what is good, one of them after a stable time. */
  readonly exits: number;
  readonly finals: number;
  /** Times in which nothing is healthy. */
  readonly storms: number;
  /** Losses of a release from the store. */
  readonly damage: number;
}

/** What a person may do; a name is that of a release, `2` a point in time. */
export type Act =
  | 'held'
  | 'held 2'
  | 'stopped'
  | 'started'
  | 'restarted'
  | 'rejected'
  | 'unpinned'
  | 'forgiven'
  | `pinned ${Name}`
  | `pinned ${Name} forever`
  | `forgiven ${Name}`
  | `approved ${Name}`
  | `disapproved ${Name}`
  /** The backup of the last update, by hand. */
  | 'dataRestored';

export interface Scenario {
  readonly name: string;
  readonly budget: Partial<Budget>;
  /** More of it, for the deep form of the walk. */
  readonly deep?: Partial<Budget>;
  /** Of a deployment under a runtime, by the most exact key: `A1@2`, `A@2`, `A1`, `A`; the rest is good. */
  readonly health?: Readonly<Record<string, Health>>;
  /** What the chain may name; default A and B. */
  readonly names?: readonly (Name | null)[];
  readonly pendings?: readonly Name[];
  readonly acts?: readonly Act[];
  readonly initial?: Name;
  /** What an edit may make of `start.initial`. */
  readonly initials?: readonly (Name | null)[];
  /** The runtime is not known at first. */
  readonly noRuntime?: boolean;
  readonly policy?: Partial<Policy>;
  readonly badMigration?: boolean;
  /** A killed supervisor may leave its child, or another's. */
  readonly orphans?: boolean;
  /** Every wait is over as soon as it begins. */
  readonly noWaits?: boolean;
}

/** What a person may do where a scenario does not say. */
export const everyAct: readonly Act[] = [
  'held',
  'stopped',
  'rejected',
  'forgiven B',
  'pinned A',
  'pinned B',
  'unpinned',
];

export const nothing: Budget = {
  names: 0,
  pendings: 0,
  runtimes: 0,
  edits: 0,
  acts: 0,
  deaths: 0,
  fetchFails: 0,
  exits: 0,
  finals: 0,
  storms: 0,
  damage: 0,
};

/** An operator who asks for nothing beyond the rules, and says where the data lie. */
export const unasked = {
  forbids: () => null,
  asks: null,
  approval: false,
  requireHealthy: false,
  restartOnSpecVersion: false,
  hasDataDir: true,
  dataRollback: 'never',
} as const satisfies Partial<Policy>;

/** Times are symbols: 1 a backoff, 2 a retry, a window or a hold, 4 the period of liveness; each event is at 0. */
export const patience: Policy = {
  exits: 2,
  boots: 2,
  retry: { after: 2, max: 2, attempts: 2 },
  download: { after: 1, max: 1 },
  restart: { after: 1, max: 1, stableAfter: 9 },
  rollbackWindow: 2,
  liveness: { failFor: 1, restarts: 1, per: 4 },
  keep: 2,
  allowDowngrade: true,
  isDowngrade: () => false,
  ...unasked,
};

export function healthOf({ health = {} }: Scenario, l: Label, runtime: number | null): Health {
  const c = l[0] as string;
  return health[`${l}@${runtime}`] ?? health[`${c}@${runtime}`] ?? health[l] ?? health[c] ?? 'good';
}
