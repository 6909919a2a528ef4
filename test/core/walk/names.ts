/** Small symbols for what the core handles: release A under settings 1 is the deployment `A1`. */
import type { Deployment, Settings } from '../../../src/core/deployment.ts';
import type { Release, Terms } from '../../../src/core/release.ts';
import type { Core } from './core.ts';

/** One letter; with a prime the same bytes are named at another address. */
export type Name = string;
/** A deployment: a letter and the number of its settings. */
export type Label = string;

const letters = ['A', 'B', 'C', 'I', 'J', 'M', 'N', 'O', 'F'];
const numbers = [1, 2];

const terms = { migrations: [], missing: [], specVersions: [], urgent: false, dataCompatible: false };
const migration = (checksum: string) => ({ kind: 'data', checksum, uri: null, to: null }) as const;

/** M and N want the data moved; O too, and what was before it knows their new form; F serves the second runtime only. */
const termsOf: Readonly<Record<string, Terms>> = {
  M: { ...terms, migrations: [migration('m')] },
  N: { ...terms, migrations: [migration('n')] },
  O: { ...terms, migrations: [migration('o')], dataCompatible: true },
  F: { ...terms, specVersions: [[2, 2]] },
};

const releaseOf = (name: Name): Release => {
  const letter = name[0] as string;
  const said = termsOf[letter];
  return { checksum: letter, uri: `https://releases/${name}`, version: `1.0-${letter}`, ...(said && { terms: said }) };
};
const releases = new Map<Name, Release>(
  letters.flatMap((letter) => [letter, `${letter}'`]).map((name) => [name, releaseOf(name)]),
);
const settings = new Map<number, Settings>(
  numbers.map((n) => [n, { args: [`--settings=${n}`], env: {}, cwd: '/data', member: null }]),
);

const get = <K, V>(map: ReadonlyMap<K, V>, key: K): V => {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the walk has no name for ${JSON.stringify(key)}`);
  return value;
};

export const release = (name: Name): Release => get(releases, name);
export const releaseOrNull = (name: Name | null): Release | null => (name === null ? null : release(name));
export const nameOf = (r: Release): Name => (r.uri?.endsWith("'") ? `${r.checksum}'` : r.checksum);
export const settingsOf = (n: number): Settings => get(settings, n);
export const numberOf = (s: Settings): number => Number(s.args[0]?.slice(-1));

/** Its label: the settings it was rendered with are told by its arguments. */
export const label = (d: Deployment): Label => d.release.checksum + numberOf(d);
export const labelOrNone = (d: Deployment | null): Label => (d === null ? '-' : label(d));
export const checksumOf = (l: Label): string => l[0] as string;

export const deployment = (core: Core, l: Label): Deployment =>
  core.deployment.deploymentOf(release(checksumOf(l)), settingsOf(Number(l[1])));
