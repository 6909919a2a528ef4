import { hash } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';

/**
 * Who a client is on this machine: two processes of one identity must never run
 * (docs/architecture.md, "One child"). It is compared by content, never by path:
 * set-up scripts copy one key file to two places.
 */
export type IdentityRule =
  | { readonly rule: 'text'; readonly text: string }
  | { readonly rule: 'file'; readonly path: string }
  | { readonly rule: 'keyfile'; readonly path: string | null; readonly keyname: string | null }
  | { readonly rule: 'home' };

/** What the file says, else what the client's own arguments tell; relative paths are seen from its working directory. */
export function identityRule(
  said: string | { readonly file: string } | undefined,
  args: readonly string[],
  cwd: string,
): IdentityRule {
  if (typeof said === 'string') return { rule: 'text', text: said };
  if (said !== undefined) return { rule: 'file', path: resolve(cwd, said.file) };
  const { file, keyname } = keyOf(args, cwd);
  if (file === null && keyname === null) return { rule: 'home' };
  return { rule: 'keyfile', path: file, keyname };
}

/** Which key a client is told to sign with. */
export interface Key {
  /** Absolute path. */
  readonly file: string | null;
  readonly keyname: string | null;
}

/** The key that arguments name; relative paths are seen from the working directory. */
export function keyOf(args: readonly string[], cwd: string): Key {
  const file = valueOfFlag(args, '--keyfile');
  return { file: file === null ? null : resolve(cwd, file), keyname: valueOfFlag(args, '--keyname') };
}

/** The last one counts, as command lines are commonly read. */
function valueOfFlag(args: readonly string[], flag: string): string | null {
  const values = args.flatMap((arg, index) => {
    if (arg.startsWith(`${flag}=`)) return [arg.slice(flag.length + 1)];
    return arg === flag && args[index + 1] !== undefined ? [args[index + 1]!] : [];
  });
  return values.at(-1) ?? null;
}

/**
 * The text that names the identity's lock within its network. A key file that cannot be read
 * gives way to its path, marked so: the client cannot sign without it either. Never throws.
 */
export async function resolveIdentity(
  rule: IdentityRule,
  where: { readonly network: string; readonly client: string; readonly home: string },
): Promise<string> {
  switch (rule.rule) {
    case 'text':
      return `text:${rule.text}`;
    case 'file':
      return contentOf(rule.path);
    case 'keyfile':
      return [...(rule.path === null ? [] : [await contentOf(rule.path)]), ...keynameOf(rule.keyname)].join(' ');
    case 'home':
      return `home:${JSON.stringify([where.network, where.client, await realpath(where.home).catch(() => where.home)])}`;
  }
}

const keynameOf = (keyname: string | null): string[] => (keyname === null ? [] : [`keyname:${keyname}`]);

async function contentOf(path: string): Promise<string> {
  return readFile(path).then(
    (content) => `content:${hash('sha256', content, 'hex')}`,
    () => `unreadable:${path}`,
  );
}
