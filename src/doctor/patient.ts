import type { AcceptedRecord } from '../config/accepted-record.ts';
import { placeOf } from '../config/accepted-record.ts';
import type { Problem } from '../config/problem.ts';
import type { ClientConfig, Config, NetworkConfig } from '../config/settings.ts';
import type { InstanceStatus } from '../core/instance-status.ts';
import type { Home } from '../layout.ts';
import type { DaemonLook } from '../observe/look.ts';

/** What is examined, as far as it is known before anything is. */
export interface Patient {
  /** Path of the args file. */
  readonly file: string;
  /** `null`: there is no such file. */
  readonly text: string | null;
  /** What is wrong in it. */
  readonly problems: readonly Problem[];
  /** What the file says; where it is not valid, what the last accepted one said; `null`: neither is. */
  readonly config: Config | null;
  readonly accepted: AcceptedRecord | null;
  /** `null`: nothing says where it is. */
  readonly home: Home | null;
  /** Of this program. */
  readonly version: string;
  /** `null`: none answered; `silence` says why. */
  readonly daemon: DaemonLook | null;
  readonly silence: string | null;
  /** As `status` shows them. */
  readonly instances: readonly InstanceStatus[];
  /** Those that were asked for. */
  readonly networks: readonly NetworkConfig[];
  readonly clients: readonly ClientConfig[];
}

export const nameOf: (client: ClientConfig) => string = placeOf;

/** Those that run on this machine: the files and processes of the others are in containers of their own. */
export const runHere = ({ clients }: Pick<Patient, 'clients'>): readonly ClientConfig[] =>
  clients.filter(({ agent }) => agent === null);
