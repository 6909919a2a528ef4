import type { DeploymentId, Settings } from './deployment.ts';
import type { ServesAnswer, UpdateId } from './instance.ts';
import type { Checksum, Millis, Release, SpecVersion } from './release.ts';

/** What a source says, all of it read at one finalised block. A level, not an edge. */
export interface Announced {
  readonly type: 'announced';
  readonly current: Release | null;
  readonly pending: Release | null;
  readonly upgradeAhead: boolean;
  readonly specVersion: SpecVersion;
  readonly block: number | null;
  /** Deployments that are verified and laid out already. */
  readonly ready: readonly DeploymentId[];
}

/** Of the child: what the watch on it says, and how it left. `final`: an exit after which a restart is forbidden. */
export type ChildEvent =
  | { readonly type: 'healthy'; readonly of: DeploymentId }
  | { readonly type: 'spoiled'; readonly of: DeploymentId }
  | { readonly type: 'unhealthy'; readonly of: DeploymentId; readonly reason: string }
  | {
      readonly type: 'exited';
      readonly of: DeploymentId;
      readonly final: boolean;
      readonly uptime: Millis;
      readonly reason: string;
    };

/** Of the data. */
export type MigrationEvent =
  | { readonly type: 'migrated'; readonly of: DeploymentId }
  | { readonly type: 'migrationFailed'; readonly of: DeploymentId; readonly reason: string };

/** What a program said when it was asked which spec versions it serves. */
export interface Answer extends ServesAnswer {
  readonly checksum: Checksum;
}

/** Of the tasks: each ends in exactly one. `of` is the deployment that the task was for. */
export type TaskEvent =
  | { readonly type: 'fetched' | 'prefetched'; readonly of: DeploymentId; readonly answer?: Answer }
  | { readonly type: 'cleared'; readonly of: DeploymentId }
  | { readonly type: 'fetchFailed'; readonly of: DeploymentId; readonly reason: string }
  | { readonly type: 'restored' | 'woke' }
  | { readonly type: 'restoreFailed'; readonly reason: string }
  | ChildEvent
  | MigrationEvent;

/** Of a person. */
export type PersonEvent =
  | { readonly type: 'held'; readonly until: Millis | null }
  | { readonly type: 'resumed' | 'stopped' | 'started' | 'restarted' | 'rejected' | 'unpinned' }
  /** Over what is named when it is heard, not when it was asked: what is said meanwhile comes first. */
  | { readonly type: 'pinned'; readonly release: Release; readonly forever: boolean }
  | { readonly type: 'approved' | 'disapproved'; readonly checksum: Checksum }
  /** The backup of this update was put back by hand, while the client was stopped. */
  | { readonly type: 'dataRestored'; readonly update: UpdateId }
  /** `null`: every bar. */
  | { readonly type: 'forgiven'; readonly checksum: Checksum | null };

/** A start of the supervisor. `orphan`: the deployment of a child that the last one left, and that may be adopted. */
export interface Booted {
  readonly type: 'booted';
  readonly orphan?: DeploymentId | null;
}

export type InstanceEvent =
  | Booted
  | { readonly type: 'configured'; readonly settings: Settings; readonly initial: Release | null }
  | Announced
  | PersonEvent
  | TaskEvent;
