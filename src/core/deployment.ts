import { hash } from 'node:crypto';
import type { Checksum, Release } from './release.ts';

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
}

/**
 * What is tried, committed and gone back to: a release with everything it is started with.
 * Its uri, version and file name are not part of its identity: a new mirror is no new deployment.
 */
export interface Deployment extends Settings {
  readonly id: DeploymentId;
  readonly release: Release;
}

const known = new WeakMap<Settings, WeakMap<Release, Deployment>>();

/** The deployment of a release under these settings. Both are values: the same two give the same answer, hashed once. */
export function deploymentOf(release: Release, settings: Settings): Deployment {
  const ofSettings = known.get(settings) ?? new WeakMap<Release, Deployment>();
  const deployment = ofSettings.get(release) ?? deploy(release, settings);
  known.set(settings, ofSettings.set(release, deployment));
  return deployment;
}

function deploy(release: Release, settings: Settings): Deployment {
  const rendered = render(settings, release.version);
  return { id: identify(release.checksum, rendered), release, ...rendered };
}

/** Whether these settings can be rendered for the release: `{version}` needs a version. */
export function isRenderable(release: Release, settings: Settings): boolean {
  return release.version !== null || !JSON.stringify([settings.args, settings.env]).includes('{version}');
}

export const same = (a: Deployment | null, b: Deployment | null): boolean => a !== null && b !== null && a.id === b.id;

function render(settings: Settings, version: string | null): Settings {
  const fill = (text: string) => (version === null ? text : text.replaceAll('{version}', () => version));
  const env = Object.fromEntries(Object.entries(settings.env).map(([key, value]) => [key, fill(value)]));
  return { args: settings.args.map(fill), env, cwd: settings.cwd, member: settings.member };
}

function identify(checksum: Checksum, { args, env, cwd, member }: Settings): DeploymentId {
  const sortedEnv = Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1));
  return hash('sha256', JSON.stringify([checksum, args, sortedEnv, cwd, member]), 'hex');
}
