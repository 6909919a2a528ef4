import type { ChainStatus, InstanceStatus } from '../core/instance-status.ts';
import type { Checksum } from '../core/release.ts';

/** What a daemon knows now: the answer of `GET /v1/status` on the control socket and of `/status.json`. Keys are added, never changed. */
export interface Look {
  readonly daemon: DaemonLook;
  readonly instances: readonly InstanceLook[];
  readonly networks: readonly NetworkLook[];
  /** Who is told what happens, in the order of the file. */
  readonly notify: readonly ReceiverLook[];
}

/** An instance, and what a living daemon alone can say of it. */
export interface InstanceLook extends InstanceStatus, Outlook {}

/** What the source wants of an instance, and what keeps it from coming. */
export interface Outlook {
  /** What its source names now; `null`: nothing, or it was not read yet. */
  readonly named: { readonly checksum: Checksum; readonly version: string | null } | null;
  /** What the release that is named, or its edit, waits for; `null`: nothing. */
  readonly waiting: Waited | null;
  /** Whether what is pending lies proved and laid out on disk; `null`: nothing is pending. */
  readonly pendingStaged: boolean | null;
}

/** What an update can wait for: what a person said, what the rules hold back, then the gates of the args file in their order. */
export const waitedFor = [
  'pinned',
  'held',
  'stopped',
  'approval',
  'fetch',
  'quarantine',
  'forbidden',
  'compatibility',
  'upgrade',
  'verdict',
  'requireHealthy',
  'chain',
  'window',
  'minAge',
  'rollout',
  'metric',
  'fleetLock',
  'drain',
  'turn',
] as const;

export type Waited = (typeof waitedFor)[number];

export interface DaemonLook {
  readonly version: string;
  readonly pid: number;
  /** ISO 8601, UTC; as every time here. */
  readonly startedAt: string;
  readonly home: string;
  /** The args file, as the operator named it. */
  readonly file: string;
  /** Why the present args file is not in force; `null`: it is. */
  readonly refusal: string | null;
}

/** One network's connection. Credentials in endpoints are hidden. */
export interface NetworkLook {
  readonly network: string;
  readonly endpoint: string | null;
  readonly connected: boolean;
  readonly genesis: string | null;
  readonly specVersion: number | null;
  readonly finalized: ChainStatus['finalized'];
  /** When the network was last heard. */
  readonly heardAt: string | null;
  readonly trouble: string | null;
  readonly endpoints: readonly { readonly endpoint: string; readonly up: boolean }[];
  /** Counts since the daemon started. */
  readonly reconnects: number;
  readonly stalls: number;
}

/** How the messages to one receiver are. Counts since the daemon started. */
export interface ReceiverLook {
  readonly receiver: string;
  readonly kind: 'webhook' | 'command' | 'heartbeat';
  /** Messages that are not delivered yet; of a heartbeat always 0. */
  readonly waiting: number;
  readonly oldestAt: string | null;
  readonly deliveredAt: string | null;
  /** Why it cannot be told just now; `null`: nothing is known against it. */
  readonly trouble: string | null;
  readonly results: Readonly<Record<'delivered' | 'failed' | 'refused' | 'expired' | 'dropped' | 'unsure', number>>;
}
