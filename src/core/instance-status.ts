/** What people and programs are told of an instance: `status --json` is an API. */
import type { Slot, Verdict } from './instance.ts';
import type { Checksum, Millis } from './release.ts';

/** What is not in the value: what the daemon sees now, or, without a daemon, what the locks say. */
export interface Live {
  readonly child: { readonly pid: number; readonly startedAt: Millis; readonly checksum: Checksum | null } | null;
  readonly configured: boolean;
  readonly chain: ChainStatus | null;
  /** Why no child can be started just now although one is wanted. */
  readonly blocked: string | null;
  /** What was found of its account that vaultvisor did not start. */
  readonly strangers: readonly StrangerStatus[];
  /** Why the source cannot be read. */
  readonly trouble: string | null;
  /** Why the last child ended by itself; `null`: none has, or one is up. */
  readonly lastExit?: string | null;
  /** How its probes fail just now. */
  readonly failing: string | null;
  /** What is found of a copy of it on another machine. */
  readonly guard: GuardStatus | null;
  /** What is known of its next payment; `null`, or left out: nothing. */
  readonly redeem?: RedeemStatus | null;
  /** What the gate of the next waits for. */
  readonly gate: string | null;
  readonly progress: { readonly received: number; readonly total: number | null } | null;
}

/** `watching`: before its first start on this machine. `refused`: it is not started. `alarm`: its account signs while it is down. */
export interface GuardStatus {
  readonly account: string;
  readonly state: 'watching' | 'refused' | 'alarm';
  /** The finalised block that a watch goes on to, once that is known. */
  readonly until: number | null;
  readonly reason: string;
}

/** What is known of the client's next payment; times are ISO 8601, UTC. */
export interface RedeemStatus {
  /** Hours that are left by now. */
  readonly hours: number;
  /** When they have run out. */
  readonly deadline: string;
  readonly readAt: string;
  /** Nothing healthy serves, and fewer hours are left than the operator said. */
  readonly critical: boolean;
  /** Why it is critical, in words; `null`: it is not. */
  readonly reason: string | null;
}

/** A client of the instance's account that vaultvisor did not start. */
export interface StrangerStatus {
  /** `null`: nothing of it runs just now. */
  readonly pid: number | null;
  /** The systemd unit that runs it. */
  readonly unit: string | null;
  /** What it is and how it is known. */
  readonly words: string;
  /** The commands that end it for good. */
  readonly end: string;
}

/** What a stranger does to an instance. */
export const besideStranger = 'another client of this account is on this machine, and nothing is started beside it';

export interface ChainStatus {
  readonly endpoint: string | null;
  readonly connected: boolean;
  readonly finalized: { readonly number: number; readonly hash: string; readonly at: string | null } | null;
}

export interface DeploymentStatus {
  readonly checksum: Checksum;
  readonly version: string | null;
  readonly uri: string | null;
  readonly deployment: string;
}

export interface NextStatus extends DeploymentStatus {
  readonly state: 'fetching' | 'staged' | 'switching' | 'probation';
  readonly retryAt: string | null;
  readonly waitsFor: string | null;
}

/** One instance in `status --json`: an API; keys are added, never changed or removed. */
export interface InstanceStatus {
  readonly network: string;
  readonly client: string;
  readonly phase: Slot['at'];
  readonly verdict: Verdict | null;
  readonly reason: string | null;
  readonly current: DeploymentStatus | null;
  readonly previous: DeploymentStatus | null;
  readonly next: NextStatus | null;
  readonly queued: NextStatus | null;
  readonly child: { readonly pid: number; readonly startedAt: string; readonly checksum: Checksum | null } | null;
  /** Why the last child ended by itself, while none is up. */
  readonly lastExit: string | null;
  readonly quarantined: readonly QuarantineStatus[];
  readonly held: { readonly since: string; readonly until: string | null } | null;
  readonly stopped: boolean;
  readonly pinned: { readonly checksum: Checksum; readonly forever: boolean } | null;
  readonly configured: boolean;
  readonly pending: {
    readonly checksum: Checksum;
    readonly version: string | null;
    readonly uri: string | null;
    /** Why it cannot come yet; `null`: it comes with the next runtime. */
    readonly waitsFor: string | null;
  } | null;
  readonly blocked: string | null;
  readonly strangers: readonly StrangerStatus[];
  readonly trouble: string | null;
  readonly guard: GuardStatus | null;
  readonly redeem: RedeemStatus | null;
  readonly chain: ChainStatus | null;
  /** Whether this instance is as it should be: what `status` ends 0 for. */
  readonly ok: boolean;
}

export interface QuarantineStatus {
  readonly checksum: Checksum;
  readonly deployment: string | null;
  readonly reason: string;
  readonly attempts: number;
  readonly retryAt: string | null;
}
