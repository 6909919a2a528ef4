import { type Deployment, deploymentOf, type Settings } from '../core/deployment.ts';
import { parseChecksum, type Release } from '../core/release.ts';
import { isProgramName } from './file-name.ts';

/** `deployment.json`: what lies in the folder beside it, and how it is started. */
export interface DeploymentRecord extends Settings {
  readonly schema: 1;
  readonly release: Release;
  /** The program's file name. */
  readonly name: string;
  /** Of the program, 64 hex digits; of an archive's member it is known from its extraction only. */
  readonly sha256: string;
}

export function recordText({ release, args, env, cwd, member }: Deployment, name: string, sha256: string): string {
  const record: DeploymentRecord = { schema: 1, release, args, env, cwd, member, name, sha256 };
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** `args.json`: the arguments as the child gets them. */
export const argsText = ({ args }: Pick<Settings, 'args'>): string => `${JSON.stringify(args, null, 2)}\n`;

/** Reads `deployment.json`; `null` if it is damaged, of another schema, or the record of another deployment. */
export function parseRecord(text: string, { id }: Deployment): DeploymentRecord | null {
  const record = recordOf(parseJson(text));
  if (record === null) return null;
  // A record holds rendered arguments: without a version nothing more is filled in.
  const described = deploymentOf({ ...record.release, version: null }, record);
  const whole = record.member !== null || record.release.checksum === `0x${record.sha256}`;
  return described.id === id && whole ? record : null;
}

function recordOf(raw: unknown): DeploymentRecord | null {
  if (!isObject(raw) || raw['schema'] !== 1) return null;
  const { args, env, cwd, member, name, sha256 } = raw;
  const release = releaseOf(raw['release']);
  if (release === null || !isTexts(args) || !isObject(env) || !isTexts(Object.values(env))) return null;
  if (typeof cwd !== 'string' || !isTextOrNull(member) || typeof name !== 'string' || !isProgramName(name)) return null;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return null;
  return { schema: 1, release, args, env: env as Record<string, string>, cwd, member, name, sha256 };
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
