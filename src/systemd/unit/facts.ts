import type { Millis } from '../../core/release.ts';

/** What a unit depends on; all else of it is the same for everybody. */
export interface UnitFacts {
  /** What is executed, before `run`: one absolute path, or Node's and that of our main.js. */
  readonly program: readonly string[];
  /** Absolute path of the args file. */
  readonly config: string;
  /** What the unit is called. */
  readonly name: string;
  /** Who the daemon runs as. */
  readonly user: string;
  /** `null`: the user's own. */
  readonly group: string | null;
  /** Whether clients of it run as somebody else. */
  readonly changesUser: boolean;
  /** Where everything lies. */
  readonly home: string;
  /** Absolute paths of further folders that clients write to. */
  readonly writable: readonly string[];
  /** Absolute paths of what is read beside that: the args file, keys. */
  readonly read: readonly string[];
  /** Those of them that hold a secret which the daemon puts in. */
  readonly secrets: readonly string[];
  /** `null`: the machine's usual one. */
  readonly lockDir: string | null;
  /** The longest of its clients; `null`: at least one waits for ever. */
  readonly grace: Millis | null;
  /** Whether a client is to live on when vaultvisor dies (`orphans` is not "terminate"). */
  readonly leavesClients: boolean;
  /** Whether a client may keep its guard against a duplicate in /tmp. */
  readonly sharesTmp: boolean;
  /** Of systemd on the machine that it is written for. */
  readonly systemd: number;
}

/** One line of a unit, and why it is there. */
export interface Line {
  readonly key: string;
  readonly value: string;
  readonly why: string;
}

/** Lines that belong together; `words` stand above them as a comment. */
export interface Group {
  readonly words: string;
  readonly lines: readonly Line[];
}

export interface Section {
  readonly name: 'Unit' | 'Service' | 'Install';
  readonly groups: readonly Group[];
}

export const line = (key: string, value: string, why: string): Line => ({ key, value, why });
