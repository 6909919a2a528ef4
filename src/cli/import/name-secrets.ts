import { join } from 'node:path';
import { redactArgs, redactValue } from '../../config/redact.ts';
import type { Start } from '../../put-in.ts';

/** A secret that is to lie in a file of its own. */
export interface NamedSecret {
  /** Absolute. */
  readonly path: string;
  readonly value: string;
}

/** What a client is started with, its secrets named instead of written. */
export interface Named extends Start {
  readonly secrets: readonly NamedSecret[];
}

/**
 * Names each secret as `{secret:file:…}`: what `config show` would hide, that is values of flags and variables that speak of one, and URLs with a password or a key. What
 * could not be read back from a file as it is (empty, a line end behind it) stays as it is.
 * @param folder where their files are to lie
 */
export function nameSecrets({ args, env }: Start, folder: string): Named {
  const secrets = new Map<string, string>();
  const put = (name: string, value: string): string => {
    if (!isFit(value) || /[{}]/.test(folder)) return value;
    const path = free(join(folder, plain(name)), value, secrets);
    secrets.set(path, value);
    return `{secret:file:${path}}`;
  };
  const quietArgs = redactArgs(args);
  const namedArgs = args.map((arg, at) => {
    if (arg === quietArgs[at]) return arg;
    const [, flag, value] = /^(-{1,2}[A-Za-z][\w.-]*)=(.*)$/s.exec(arg) ?? [];
    if (flag !== undefined && value !== undefined) return `${flag}=${put(flag, value)}`;
    const before = args[at - 1] ?? '';
    return put(before.startsWith('-') ? before : `argument-${at + 1}`, arg);
  });
  const quietEnv = redactValue(env) as Readonly<Record<string, string>>;
  const namedEnv = Object.entries(env).map(
    ([name, value]) => [name, value === quietEnv[name] ? value : put(name, value)] as const,
  );
  return {
    args: namedArgs,
    env: Object.fromEntries(namedEnv),
    secrets: [...secrets].map(([path, value]) => ({ path, value })),
  };
}

const isFit = (value: string): boolean => value !== '' && !/[\r\n]$/.test(value);

/** A flag or a variable as the name of a file. */
const plain = (name: string): string =>
  name
    .replace(/^-+/, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]/g, '-');

/** Two flags of one name with different secrets are two files. */
function free(path: string, value: string, taken: ReadonlyMap<string, string>): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? path : `${path}-${count}`;
    if (!taken.has(name) || taken.get(name) === value) return name;
  }
}
