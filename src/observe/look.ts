import type { ChainStatus, InstanceStatus } from '../core/instance-status.ts';

/** What a daemon knows now: the answer of `GET /v1/status` on the control socket and of `/status.json`. Keys are added, never changed. */
export interface Look {
  readonly daemon: DaemonLook;
  readonly instances: readonly InstanceStatus[];
  readonly networks: readonly NetworkLook[];
}

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
