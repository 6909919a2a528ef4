import { constants } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolders } from '../folders.ts';
import { lookAtTree } from './tree.ts';

/** Writes at a time: a disk takes several as quickly as one. */
const AT_ONCE = 4;

/** What was renamed, made or removed in this folder survives a power cut after this. */
export const syncFolder = (path: string): Promise<void> => sync(path);

/** Writes files and folders through to the disk. */
export async function syncPaths(paths: readonly string[], signal: AbortSignal): Promise<void> {
  const rest = [...paths];
  const work = async (): Promise<void> => {
    for (let path = rest.shift(); path !== undefined; path = rest.shift()) {
      signal.throwIfAborted();
      await sync(path);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** Writes all of a folder through to the disk, whoever wrote it. */
export async function syncTree(folder: string, signal: AbortSignal): Promise<void> {
  const { entries } = await lookAtTree(folder, signal);
  const names = entries.filter(({ kind }) => kind !== 'link').map(({ path }) => join(folder, path));
  await syncPaths(names, signal);
}

/** Makes a folder and those above it, 0700, and writes their names through to the disk. */
export async function makeFolder(path: string): Promise<void> {
  const first = await makeFolders(path, 0o700);
  for (let made = path; first !== null && made.length >= first.length; made = dirname(made)) await sync(dirname(made));
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
