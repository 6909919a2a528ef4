import {
  type Deployment,
  deploymentOf,
  type Settings,
  type SettingsFile,
  type SettingsUser,
} from '../core/deployment.ts';
import { type Migration, parseChecksum, type Release } from '../core/release.ts';
import { isProgramName } from './file-name.ts';
import { hasResult, type Result, readResult, started } from './material.ts';

/** `deployment.json`: what lies in the folder beside it, and how it is started. */
export interface DeploymentRecord extends Omit<Settings, 'when'> {
  readonly schema: 1;
  readonly release: Release;
  readonly migrations?: readonly Migration[];
  /** The program's file name. */
  readonly name: string;
  /** Of the program, 64 hex digits; of an archive's member it is known from its extraction only. */
  readonly sha256: string;
  /** What its migrations of arguments have made; absent: it is started as its own args and env say. */
  readonly result?: Result;
}

export function recordText(deployment: Deployment, name: string, sha256: string, result: Result | null): string {
  const { release, args, env, cwd, member, files, migrated, migrations, user } = deployment;
  const inputs = {
    ...(files && { files }),
    ...(migrated && { migrated }),
    ...(migrations && { migrations }),
    ...(user && { user }),
  };
  const record: DeploymentRecord = {
    schema: 1,
    release,
    args,
    env,
    cwd,
    member,
    ...inputs,
    name,
    sha256,
    ...(result && { result }),
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** `args.json`: the arguments as the child gets them. */
export const argsText = ({ args }: Pick<Settings, 'args'>): string => `${JSON.stringify(args, null, 2)}\n`;

/** How the child is started: what was laid out for it, else what its own args and env say. `files`: the folder of its config files. */
export const startOf = (
  deployment: Deployment,
  result: Result | null,
  files: string,
): Pick<Settings, 'args' | 'env'> =>
  result === null ? { args: deployment.args, env: deployment.env } : started(result, files);

/** Reads `deployment.json`; `null` if it is damaged, of another schema, or the record of another deployment. */
export function parseRecord(text: string, { id }: Pick<Deployment, 'id'>): DeploymentRecord | null {
  const record = recordOf(parseJson(text));
  if (record === null) return null;
  // A record holds rendered arguments: without a version nothing more is filled in.
  const described = deploymentOf({ ...record.release, version: null }, record, record.migrations);
  const whole = record.member !== null || record.release.checksum === `0x${record.sha256}`;
  const isMade = hasResult(record) === (record.result !== undefined);
  return described.id === id && whole && isMade ? record : null;
}

function recordOf(raw: unknown): DeploymentRecord | null {
  if (!isObject(raw) || raw['schema'] !== 1) return null;
  const { args, env, cwd, member, name, sha256 } = raw;
  const release = releaseOf(raw['release']);
  if (release === null || !isTexts(args) || !isObject(env) || !isTexts(Object.values(env))) return null;
  if (typeof cwd !== 'string' || !isTextOrNull(member) || typeof name !== 'string' || !isProgramName(name)) return null;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return null;
  const more = inputsOf(raw);
  const result = raw['result'] === undefined ? undefined : readResult(raw['result']);
  if (more === null || result === null) return null;
  const own = { schema: 1 as const, release, args, env: env as Record<string, string>, cwd, member, name, sha256 };
  return { ...own, ...more, ...(result && { result }) };
}

type Inputs = Pick<DeploymentRecord, 'files' | 'migrated' | 'migrations' | 'user'>;

function inputsOf({ files, migrated, migrations, user }: Record<string, unknown>): Inputs | null {
  const isSound = [
    files === undefined || isFiles(files),
    migrated === undefined || isTexts(migrated),
    user === undefined || isUser(user),
  ];
  const ofMigrations = migrations === undefined || (Array.isArray(migrations) && migrations.every(isMigration));
  if (!isSound.every(Boolean) || !ofMigrations) return null;
  const said = { files, migrated, migrations, user };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
}

function isFiles(raw: unknown): raw is Record<string, SettingsFile> {
  return isObject(raw) && Object.values(raw).every((file) => isObject(file) && isTexts([file['path'], file['sha256']]));
}

const isUser = (raw: unknown): raw is SettingsUser =>
  isObject(raw) && typeof raw['name'] === 'string' && isTextOrNull(raw['group']);

function isMigration(raw: unknown): raw is Migration {
  if (!isObject(raw) || (raw['kind'] !== 'arguments' && raw['kind'] !== 'data')) return false;
  return typeof raw['checksum'] === 'string' && isTextOrNull(raw['uri']) && isTextOrNull(raw['to']);
}

function releaseOf(raw: unknown): Release | null {
  if (!isObject(raw)) return null;
  const { checksum, uri, version } = raw;
  if (typeof checksum !== 'string' || parseChecksum(checksum) !== checksum) return null;
  return isTextOrNull(uri) && isTextOrNull(version) ? { checksum, uri, version } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const isObject = (raw: unknown): raw is Record<string, unknown> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);
const isTexts = (raw: unknown): raw is string[] =>
  Array.isArray(raw) && raw.every((item: unknown) => typeof item === 'string');
const isTextOrNull = (raw: unknown): raw is string | null => raw === null || typeof raw === 'string';
