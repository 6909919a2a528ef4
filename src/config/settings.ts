import type { Settings } from '../core/deployment.ts';
import type { Millis } from '../core/release.ts';
import type { GatesConfig } from './gates.ts';
import type { IdentityRule } from './identity.ts';
import type { NotifyConfig } from './notify.ts';

/** The args file as the rest of the program sees it: every default filled in, every text parsed, in the order of the file. */
export interface Config {
  readonly home: string;
  /** `null`: the machine's usual folder. */
  readonly lockDir: string | null;
  readonly allowInsecure: boolean;
  readonly maxUpdating: number;
  readonly maxStarting: number;
  /** Where the page, metrics and `/livez` are served; `null`: nowhere. Port 0 takes any free one. `hosts`: further names of it. */
  readonly http: { readonly host: string; readonly port: number; readonly hosts: readonly string[] } | null;
  /** `group`: by name or number, whose members may read; `null`: nobody's. */
  readonly control: { readonly group: string | null };
  /** Who is told what happens; `null`: nobody. */
  readonly notify: NotifyConfig | null;
  readonly networks: readonly NetworkConfig[];
}

export interface NetworkConfig {
  readonly name: string;
  readonly endpoints: readonly string[];
  /** `0x` and 64 lower-case hex digits; `null`: recorded at first contact. */
  readonly genesis: string | null;
  readonly clients: readonly ClientConfig[];
}

export interface ClientConfig {
  readonly network: string;
  readonly client: string;
  readonly source: SourceConfig;
  /** Placeholders are filled in but for `{version}`, which belongs to the release. */
  readonly settings: Settings;
  /** Absolute paths of config files, by the name that they have beside the program; read by the daemon (config/read-files.ts). */
  readonly files: Readonly<Record<string, string>>;
  /** What of the following differs for some releases: the first whose versions hold the release counts (config/config-for.ts). */
  readonly when: readonly VersionRule[];
  /** How long a migration of arguments may take. */
  readonly migrateArguments: { readonly timeout: Millis };
  /** A tool that has its say on downloaded bytes; `null`: none. */
  readonly verify: { readonly command: readonly string[]; readonly timeout: Millis } | null;
  /** By which a new program says which spec versions it serves; `null`: it is not asked. */
  readonly compatibility: readonly string[] | null;
  /** URL of the first deployment, before the chain is asked. */
  readonly initial: string | null;
  readonly identity: IdentityRule;
  /** What it signs with; `null`: not said, so a copy on another machine cannot be noticed. */
  readonly account: AccountConfig | null;
  /** `watch`: how long the account is watched before the first start on a machine; 0: not at all. */
  readonly guard: { readonly watch: Millis };
  readonly strangers: StrangersConfig;
  /** Locks shared across networks, such as a Bitcoin wallet. */
  readonly exclusive: readonly string[];
  readonly startDelay: Millis;
  /** `grace` `null`: waits for ever. */
  readonly stop: { readonly signal: StopSignal; readonly grace: Millis | null };
  readonly restart: { readonly after: Millis; readonly max: Millis; readonly stableAfter: Millis };
  readonly noRestart: { readonly exitCodes: readonly number[]; readonly lines: readonly string[] };
  readonly health: HealthConfig;
  readonly probes: readonly Probe[];
  /** At most `restarts` in any stretch of `per`. */
  readonly liveness: { readonly failFor: Millis; readonly restarts: number; readonly per: Millis };
  /** What it is started anew for, without another release. */
  readonly restartOn: readonly 'specVersion'[];
  /** What wakes somebody; `null`: it is not asked. */
  readonly alarms: { readonly hoursToRedeem: HoursAlarm | null };
  /** Of a quarantined deployment. */
  readonly retry: { readonly after: Millis; readonly max: Millis; readonly attempts: number };
  readonly keep: number;
  readonly allowDowngrade: boolean;
  readonly download: DownloadConfig;
  /** Where its database lies; `null`: that is not said, so it is never migrated. */
  readonly data: DataConfig | null;
  /** What becomes of a client that a dead vaultvisor left. */
  readonly orphans: OrphanPolicy;
  /** What asks it to leave as soon as vaultvisor dies; `null`: nothing does. */
  readonly parentDeath: 'tini' | null;
  /** The agent that runs it, in a container of its own; `null`: vaultvisor runs it itself. */
  readonly agent: { readonly socket: string } | null;
  /** Arguments that are given to the new program itself before the old one is stopped. */
  readonly preflight: readonly string[] | null;
  readonly gates: GatesConfig;
}

export interface DataConfig {
  readonly dir: string;
  /** The folder of this client's backups. */
  readonly backups: string;
  /** How many backups are kept beside those that are still needed. */
  readonly keep: number;
  /** Of one migration. */
  readonly deadline: Millis;
  /** What leads back by itself once a client ran on migrated data. */
  readonly rollback: DataRollback;
}

export type DataRollback = 'never' | 'compatible' | 'restore';

/** Whole: what the rule does not say is the client's. `versions` is a range as npm writes it. */
export interface VersionRule extends Pick<ClientConfig, 'health' | 'probes' | 'stop'> {
  readonly versions: string;
}

/** `address`: as the file writes it. `id`: `0x` and 64 lower-case hex digits. */
export interface AccountConfig {
  readonly address: string;
  readonly id: string;
}

/** The templates of a vault-registry still hold their braces. `migrations`: `null` where nothing says where they are had. */
export type SourceConfig =
  | { readonly source: 'clients-info'; readonly client: string }
  | { readonly source: 'vault-registry'; readonly url: string; readonly migrations: string | null }
  | { readonly source: 'manifest'; readonly url: string; readonly interval: Millis };

/** How a client of this account is known that vaultvisor did not start, and what is done then. */
export interface StrangersConfig {
  readonly policy: 'wait' | 'ignore';
  /** Absolute paths of the key files in its arguments and its identity. */
  readonly keyFiles: readonly string[];
  /** Which key of them. */
  readonly keyName: string | null;
  readonly pidFiles: readonly string[];
  readonly texts: readonly string[];
  readonly except: readonly string[];
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2';

export type OrphanPolicy = 'terminate' | 'adopt' | 'refuse';

export interface HealthConfig {
  readonly minHealthyTime: Millis;
  readonly healthyDeadline: Millis;
  readonly exits: number;
  readonly rollbackWindow: Millis;
}

export type Probe =
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'command'; readonly command: readonly string[] }
  | { readonly kind: 'log'; readonly text: string }
  | MetricProbe;

export interface MetricProbe {
  readonly kind: 'metric';
  readonly url: string;
  readonly name: string;
  readonly min: number | null;
  readonly max: number | null;
  readonly maxRise: number | null;
  readonly within: Millis | null;
}

/** Which metric says how many hours are left until the first payment is due, and under how many it is critical that nothing serves. */
export interface HoursAlarm {
  readonly url: string;
  readonly name: string;
  readonly below: number;
}

export interface DownloadConfig {
  readonly after: Millis;
  readonly max: Millis;
  readonly maxBytes: number;
  /** URLs; `{checksum}` in them is still to be filled in. */
  readonly mirrors: readonly string[];
  /** `never`: only what was staged is run. */
  readonly fetch: 'always' | 'never';
}
