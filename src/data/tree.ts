import { type BigIntStats, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { VisorError } from '../errors.ts';

/** What lies in a folder of data, the folder itself (`''`) first, each folder before what is in it. */
export interface Tree {
  readonly entries: readonly Entry[];
  /** Of all files, as they are read: what a copy may take at most. */
  readonly bytes: number;
}

export interface Entry {
  /** Below the folder; `''`: the folder itself. */
  readonly path: string;
  readonly kind: 'folder' | 'file' | 'link';
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds, with their fraction. */
  readonly atime: number;
  readonly mtime: number;
  /** It has holes. */
  readonly isSparse: boolean;
  /** Changes whenever it does (device, inode, size, mtime and ctime in nanoseconds). */
  readonly stamp: string;
}

/** Then everybody else has a turn: the thread pool would cost more than the calls. */
const AT_A_TIME = 64;

/**
 * Looks at all that lies in a folder. What a copy could not keep is refused: sockets, pipes, devices, names that are not UTF-8, another file system
 * that is mounted in it.
 * @throws VisorError `config` naming what cannot be copied; what the file system says
 */
export async function lookAtTree(root: string, signal?: AbortSignal): Promise<Tree> {
  const entries: Entry[] = [];
  const { dev } = lstatSync(root, { bigint: true });
  const visit = async (path: string): Promise<void> => {
    if (entries.length % AT_A_TIME === 0) await turn();
    signal?.throwIfAborted();
    const full = join(root, path);
    const stats = lstatSync(full, { bigint: true });
    if (stats.dev !== dev) throw refused(full, 'is on another file system than the folder itself');
    const entry = entryOf(path, full, stats);
    entries.push(entry);
    if (entry.kind !== 'folder') return;
    for (const name of readdirSync(full).sort()) {
      if (name.includes('\ufffd')) throw refused(full, 'holds a name that is not UTF-8');
      await visit(join(path, name));
    }
  };
  await visit('');
  return { entries, bytes: entries.reduce((sum, { kind, size }) => sum + (kind === 'file' ? size : 0), 0) };
}

function entryOf(path: string, full: string, stats: BigIntStats): Entry {
  const { dev, ino, mtimeNs, ctimeNs } = stats;
  return {
    path,
    kind: kindOf(full, stats),
    size: Number(stats.size),
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    atime: Number(stats.atimeNs / 1_000n) / 1_000,
    mtime: Number(mtimeNs / 1_000n) / 1_000,
    isSparse: stats.blocks * 512n < stats.size,
    stamp: [dev, ino, stats.size, mtimeNs, ctimeNs].join(':'),
  };
}

function kindOf(full: string, stats: BigIntStats): Entry['kind'] {
  if (stats.isDirectory()) return 'folder';
  if (stats.isFile()) return 'file';
  if (stats.isSymbolicLink()) return 'link';
  throw refused(full, stats.isSocket() ? 'is a socket' : stats.isFIFO() ? 'is a named pipe' : 'is a device');
}

const refused = (path: string, why: string): VisorError =>
  new VisorError(
    'config',
    `the data cannot be backed up: ${path} ${why}`,
    'Have data.dir name the folder of the database alone, or take this out of it.',
  );
