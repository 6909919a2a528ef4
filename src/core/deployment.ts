import { hash } from 'node:crypto';
import type { Checksum, Migration, Release } from './release.ts';
import { isWithin } from './versions.ts';

/** SHA-256 over the canonical JSON of what a deployment is, 64 hex digits. */
export type DeploymentId = string;

/** How a client is started, as the operator's file says it; only `{version}` is still to be filled in. */
export interface Settings {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute path of the working directory, the same for every release (vaults keep journals relative to it). */
  readonly cwd: string;
  /** Which member of an archive is the program; `null`: the file itself is. */
  readonly member: string | null;
  /** The first whose versions hold the release's replaces what it names. */
  readonly when?: readonly SettingsWhen[];
  /** Config files of the operator that are laid out beside the program, by the name that they have there. */
  readonly files?: Readonly<Record<string, SettingsFile>>;
  /** Migrations of arguments that these settings have seen already. */
  readonly migrated?: readonly Checksum[];
  /** Whom it is run as; absent: as vaultvisor itself. */
  readonly user?: SettingsUser;
}

/** A user of the machine, by name or number; `group` `null`: that user's own. */
export interface SettingsUser {
  readonly name: string;
  readonly group: string | null;
}

/** Settings for some versions; `versions` is a range as npm writes it, such as `>=1.24`. */
export interface SettingsWhen {
  readonly versions: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A file of the operator as it was when the args file was read. `sha256`: 64 hex digits of its content. */
export interface SettingsFile {
  readonly path: string;
  readonly sha256: string;
}

/**
 * What is tried, committed and gone back to: a release with everything it is started with.
 * Its uri, version and file name are not part of its identity: a new mirror is no new deployment.
 */
export interface Deployment extends Omit<Settings, 'when'> {
  readonly id: DeploymentId;
  readonly release: Release;
  /** Of arguments, in the order in which they are applied; those that the settings have seen (`migrated`) are passed over. */
  readonly migrations?: readonly Migration[];
}

const known = new WeakMap<Settings, WeakMap<Release, Deployment>>();

/** The deployment of a release under these settings. Both are values: the same two give the same answer, hashed once. */
export function deploymentOf(release: Release, settings: Settings, migrations: readonly Migration[] = []): Deployment {
  if (migrations.length > 0) return deploy(release, settings, migrations);
  const ofSettings = known.get(settings) ?? new WeakMap<Release, Deployment>();
  const deployment = ofSettings.get(release) ?? deploy(release, settings, []);
  known.set(settings, ofSettings.set(release, deployment));
  return deployment;
}

function deploy(release: Release, settings: Settings, migrations: readonly Migration[]): Deployment {
  const rendered = { ...render(settings, release), ...(migrations.length > 0 && { migrations }) };
  return { id: identify(release.checksum, rendered), release, ...rendered };
}

/** What is still to be done with the arguments of a deployment before it is started. */
export const toApply = ({ migrations = [], migrated = [] }: Pick<Deployment, 'migrations' | 'migrated'>) =>
  migrations.filter(({ checksum }) => !migrated.includes(checksum));

/** Whether these settings can be rendered for the release: `{version}` needs a version. */
export function isRenderable(release: Release, settings: Settings): boolean {
  return release.version !== null || !JSON.stringify([settings.args, settings.env]).includes('{version}');
}

export const same = (a: Deployment | null, b: Deployment | null): boolean => a !== null && b !== null && a.id === b.id;

type Rendered = Omit<Deployment, 'id' | 'release'>;

function render({ when = [], ...settings }: Settings, release: Release): Rendered {
  const { version } = release;
  const fill = (text: string) => (version === null ? text : text.replaceAll('{version}', () => version));
  const { versions: _, ...chosen } = when.find((one) => isWithin(release, one.versions)) ?? {};
  const { args, env, ...rest } = { ...settings, ...chosen };
  return {
    ...rest,
    args: args.map(fill),
    env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, fill(value)])),
  };
}

/** What has no files, no migrations and no user keeps the identity that it had before there were any. */
function identify(checksum: Checksum, rendered: Rendered): DeploymentId {
  const { args, env, cwd, member, files = {}, user } = rendered;
  const filesSeen = sorted(files).map(([name, { sha256 }]) => [name, sha256]);
  const more = [filesSeen, toApply(rendered).map((migration) => migration.checksum)];
  const whole = [checksum, args, sorted(env), cwd, member];
  const seen = more.flat().length > 0 || user ? [...whole, ...more] : whole;
  return hash('sha256', JSON.stringify(user ? [...seen, [user.name, user.group]] : seen), 'hex');
}

const sorted = <Value>(record: Readonly<Record<string, Value>>): (readonly [string, Value])[] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
