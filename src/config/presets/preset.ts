import type { ClientFile } from '../schema.ts';

/** What a preset may look at: the operator's own words, since a port or a wallet is named there. */
export interface Said {
  /** The value of a flag in `args`, else of the variable in `env` that stands for it; `null`: neither is there. */
  value(flag: string, variable?: string): string | null;
  /** The working directory, as the file writes it. */
  readonly cwd: string;
  /** Whether a flag is given, with or without a value. */
  has(flag: string): boolean;
}

/**
 * What suits one client, each line with the place in its sources that says so. It lies above our defaults and below whatever the
 * operator writes, in `defaults` or at the client.
 */
export interface Preset {
  /** Given to the program where the operator's `args` do not have them: flag, variable that stands for it, value. */
  readonly flags: readonly (readonly [flag: string, variable: string | null, value: string])[];
  settings(said: Said): ClientFile;
}

/** Where the client serves its metrics: on this machine, at the port that the operator gave it. */
export const metricsPage = (said: Said, usual: string, variable?: string): string =>
  `http://127.0.0.1:${said.value('--prometheus-port', variable) ?? usual}/metrics`;
