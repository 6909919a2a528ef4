import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { VisorError } from '../errors.ts';
import { reflink } from './copy-file.ts';
import type { Tree } from './tree.ts';

/** Bytes that stay free behind a copy: clients write to the same disk. */
export const MARGIN = 64 * 2 ** 20;

/** Whether files of one folder can share their blocks with files elsewhere: tried with one of them, as `trial`, a name that is free or was left by such a try. */
export async function canShare(from: string, tree: Tree, trial: string): Promise<boolean> {
  const sample = tree.entries.find(({ kind, size }) => kind === 'file' && size > 0);
  if (sample === undefined) return false;
  await rm(trial, { force: true });
  try {
    return await reflink(join(from, sample.path), trial);
  } finally {
    await rm(trial, { force: true });
  }
}

/**
 * @param needed bytes to come, before the margin
 * @throws VisorError `io` where the disk of the folder has less
 */
export async function requireRoom(folder: string, needed: number): Promise<void> {
  if (await hasRoom(folder, needed)) return;
  const { bavail, bsize } = await statfs(folder);
  throw new VisorError(
    'io',
    `the disk of ${folder} has ${mebibytes(bavail * bsize)} left; the copy of the data takes ${mebibytes(needed)}, and ${mebibytes(MARGIN)} stay free`,
    'Make room there, or have data.backupDir name a folder with more.',
  );
}

export async function hasRoom(folder: string, needed: number): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize >= needed + MARGIN;
}

export const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
