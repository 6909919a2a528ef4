import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lookAtTree } from './tree.ts';

/** Writes at a time: a disk takes several as quickly as one. */
const AT_ONCE = 4;

/** What was renamed, made or removed in this folder survives a power cut after this. */
export const syncFolder = (path: string): Promise<void> => sync(path);

/**
 * Writes files and folders through to the disk: by one call for their whole file system, which is one commit of it instead of one for each file, where the
 * machine's `sync` knows it; else one after the other.
 */
export async function syncAll(paths: readonly string[], root: string, signal: AbortSignal): Promise<void> {
  if (paths.length > FEW && (await syncFileSystem(root))) return;
  const rest = [...paths];
  const work = async (): Promise<void> => {
    for (let path = rest.shift(); path !== undefined; path = rest.shift()) {
      signal.throwIfAborted();
      await sync(path);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** So many are written through as quickly as `sync` is started. */
const FEW = 8;

/** syncfs(2), which Node does not have. It tells of writes that were lost since Linux 5.8 (man 2 syncfs); whether the copy can be read is proved by its hashes. */
const syncFileSystem = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    execFile('sync', ['-f', path], { env: { PATH: process.env['PATH'] } }, (error) => resolve(error === null));
  });

/** Writes all of a folder through to the disk, whoever wrote it. */
export async function syncTree(folder: string, signal: AbortSignal): Promise<void> {
  const { entries } = await lookAtTree(folder, signal);
  const names = entries.filter(({ kind }) => kind !== 'link').map(({ path }) => join(folder, path));
  await syncAll(names, folder, signal);
}

/** Replaces a file as one act that outlives a power cut. A left-over of a dead writer is written over. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const beside = `${path}.next`;
  const file = await open(beside, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  await sync(dirname(path));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
