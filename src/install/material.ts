import { hash } from 'node:crypto';
import type { Deployment } from '../core/deployment.ts';
import { toApply } from '../core/deployment.ts';

/** What a client is started with, beside its program: what migrations of arguments turn into what the next release wants. */
export interface Material {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Content of config files, by the name that they have beside the program. */
  readonly files: Readonly<Record<string, string>>;
}

/** The same as `deployment.json` keeps it; the files lie beside that. */
export interface Result extends Omit<Material, 'files'> {
  /** SHA-256 of each, 64 hex digits. */
  readonly files: Readonly<Record<string, string>>;
  /** Over all of it: what the disk changed is told from what was laid out. */
  readonly sha256: string;
}

/** Whether a deployment is started with anything but what its own args and env say. */
export const hasResult = (deployment: Pick<Deployment, 'files' | 'migrations' | 'migrated'>): boolean =>
  toApply(deployment).length > 0 || Object.keys(deployment.files ?? {}).length > 0;

export const sha256Of = (text: string): string => hash('sha256', text, 'hex');

export function resultOf({ args, env, files }: Material): Result {
  const hashes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256Of(text)]));
  return { args, env, files: hashes, sha256: sealOf({ args, env, files: hashes }) };
}

/** Reads the `result` of a `deployment.json`; `null` if it is damaged. */
export function readResult(raw: unknown): Result | null {
  const material = materialOf(raw);
  if (material === null || !isObject(raw)) return null;
  const { sha256 } = raw;
  return typeof sha256 === 'string' && sealOf(material) === sha256 ? { ...material, sha256 } : null;
}

/** `{args, env, files}` and nothing that the kernel or the file system could misread; `null`: it is not. Further keys are passed over. */
export function materialOf(raw: unknown): Material | null {
  if (!isObject(raw)) return null;
  const { args, env, files } = raw;
  if (!Array.isArray(args) || !args.every(isText)) return null;
  if (!isObject(env) || !Object.entries(env).every(([name, value]) => isVariable(name) && isText(value))) return null;
  if (!isObject(files) || !Object.entries(files).every(([name, text]) => isFileName(name) && isText(text))) return null;
  return { args, env: env as Record<string, string>, files: files as Record<string, string> };
}

/** A plain name: it can neither climb nor hide. */
export const isFileName = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/.test(name);

/** `{files}` in arguments and variables is the folder in which the files lie. */
export function started({ args, env }: Pick<Material, 'args' | 'env'>, folder: string): Pick<Material, 'args' | 'env'> {
  const fill = (text: string) => text.replaceAll('{files}', () => folder);
  return {
    args: args.map(fill),
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)])),
  };
}

const sealOf = ({ args, env, files }: Omit<Result, 'sha256'>): string =>
  sha256Of(JSON.stringify([args, sorted(env), sorted(files)]));

const sorted = (record: Readonly<Record<string, string>>) =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

const isObject = (raw: unknown): raw is Record<string, unknown> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);
const isText = (raw: unknown): raw is string => typeof raw === 'string' && !raw.includes('\0');
const isVariable = (name: string): boolean => /^[^=\0]+$/.test(name);
