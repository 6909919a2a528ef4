import type { Stage } from './stage.ts';

/** What starts vaultvisor, restarts it and one day stops it. The same verbs for a unit of systemd, a container, and a bare namespace of processes. */
export interface Host {
  readonly words: string;
  readonly stage: Stage;
  /** What may happen to vaultvisor here. After each of them it is to come back without a person. */
  readonly acts: readonly Act[];
  /** What this host is tried with beside that. */
  readonly scenarios: readonly Scenario[];
  /** What cannot be tried with it here, and why. */
  readonly left?: readonly string[];
  /** Host and vaultvisor in their own words. */
  log(): Promise<string>;
  close(): Promise<void>;
}

export interface Act {
  /** As a person would write it: `systemctl restart`. */
  readonly words: string;
  /** Whether vaultvisor gets the time to ask its clients to leave; else they are ended by the host, or nobody. */
  readonly asks: boolean;
  /** Whether a client is left alone by it, so that nothing but vaultvisor itself keeps the next one from being started beside it. */
  readonly outlives?: boolean;
  /** Does it, and whatever brings vaultvisor up again where the host does not. @returns what went wrong in the host's own view */
  act(): Promise<readonly string[]>;
}

export interface Scenario extends Pick<Act, 'words' | 'outlives'> {
  /** Begins with whatever release serves, and ends with one that does. @returns what is not as it must be */
  run(): Promise<readonly string[]>;
}

/** Why this machine cannot have a host, in words. */
export type Obstacle = string | null;
