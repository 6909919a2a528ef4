import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, join } from 'node:path';
import { codeOf } from '../system-error.ts';
import type { Command } from './commands.ts';
import { optionOf, valueIn } from './evidence.ts';

/** The key files of a client, to compare others with. */
export interface KeyFiles {
  among(commands: readonly Command[], base: Base): Promise<Compared>;
}

export interface Compared {
  /** The words that name one of them, or a copy. */
  readonly keyed: ReadonlySet<string>;
  /** The values of `--keyfile` of which that cannot be found out. */
  readonly unclear: readonly string[];
}

/** From where paths are seen: a process has its own root (in a container) and working directory. */
export interface Base {
  readonly root: string;
  readonly cwd: string;
}

/** No key file is larger; what is, is not read. */
const MOST = 2 ** 20;

interface Known {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  /** `null`: it cannot be read by us. */
  readonly content: string | null;
}

export async function openKeyFiles(paths: readonly string[]): Promise<KeyFiles> {
  const known = (await Promise.all(paths.map(know))).filter((one) => one !== null);
  const among = async (commands: readonly Command[], base: Base): Promise<Compared> => {
    const words = commands.flatMap(([, ...args]) => args.filter((_, at) => mayBeKeyFile(args, at, paths)));
    const judge = async (word: string) => ({ word, is: await compare(valueIn(word), base, paths, known) });
    const judged = await Promise.all([...new Set(words)].map(judge));
    const given = commands.flatMap(([, ...args]) => args.filter((_, at) => optionOf(args, at) === '--keyfile'));
    return {
      keyed: new Set(judged.filter(({ is }) => is === 'same').map(({ word }) => word)),
      unclear: judged
        .filter(({ word, is }) => is === 'unclear' && given.includes(word))
        .map(({ word }) => valueIn(word)),
    };
  };
  return { among };
}

/** Looking at every path that any process was given could hang on a dead network file system: only at what an option for keys, or a name like ours, makes likely. */
function mayBeKeyFile(args: readonly string[], at: number, paths: readonly string[]): boolean {
  const word = valueIn(args[at] ?? '');
  if (word === '' || word.startsWith('-') || word.length > 4_096) return false;
  if (/key/i.test(optionOf(args, at) ?? '')) return paths.length > 0;
  return paths.some(
    (path) => basename(path) === basename(word) || (extname(path) !== '' && extname(path) === extname(word)),
  );
}

/** `null`: it is not there, or cannot be seen by us. */
async function know(path: string): Promise<Known | null> {
  try {
    const { dev, ino, size } = await stat(path, { bigint: true });
    return { dev, ino, size, content: await contentOf(path, size).catch(() => null) };
  } catch {
    return null;
  }
}

async function compare(
  word: string,
  { root, cwd }: Base,
  paths: readonly string[],
  known: readonly Known[],
): Promise<'same' | 'other' | 'unclear'> {
  if (paths.includes(word)) return 'same';
  const path = isAbsolute(word) ? join(root, word) : join(cwd, word);
  try {
    const found = await stat(path, { bigint: true });
    if (known.some(({ dev, ino }) => dev === found.dev && ino === found.ino)) return 'same';
    const like = known.filter(({ size, content }) => size === found.size && content !== null);
    if (like.length === 0 || !found.isFile()) return 'other';
    const content = await contentOf(path, found.size);
    return like.some((one) => one.content === content) ? 'same' : 'other';
  } catch (thrown) {
    return ['EACCES', 'EPERM'].includes(codeOf(thrown)) ? 'unclear' : 'other';
  }
}

async function contentOf(path: string, size: bigint): Promise<string | null> {
  if (size > MOST) return null;
  // a pipe in the place of the file must not keep us waiting for its writer
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return hash('sha256', await file.readFile(), 'hex');
  } finally {
    await file.close();
  }
}
