import { constants, mkdirSync, statSync } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from './errors.ts';

/**
 * Makes a folder and those above it that are missing, each with this mode (cut by the umask). Node's own `recursive` asks for ever where a folder on
 * the way is there and can hold nothing (one that was removed while it was in use, one below /proc), and its synchronous form then holds the whole process.
 * @returns the first folder that was made, as Node's own gives it; `null`: all were there
 * @throws the system's error
 */
export async function makeFolders(path: string, mode: number): Promise<string | null> {
  try {
    await mkdir(path, { mode });
    return path;
  } catch (error) {
    if (systemCode(error) === 'EEXIST' && (await stat(path)).isDirectory()) return null;
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  const first = await makeFolders(dirname(path), mode);
  await mkdir(path, { mode }).catch(unlessThere);
  return first ?? path;
}

/** The same at once, for who may not wait. */
export function makeFoldersSync(path: string, mode: number): string | null {
  try {
    mkdirSync(path, { mode });
    return path;
  } catch (error) {
    if (systemCode(error) === 'EEXIST' && statSync(path).isDirectory()) return null;
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  const first = makeFoldersSync(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    unlessThere(error);
  }
  return first ?? path;
}

/** Another may have made it between our two looks. */
function unlessThere(error: unknown): void {
  if (systemCode(error) !== 'EEXIST') throw error;
}

/** Makes a folder and those above it, with their names written through to the disk: they outlive a power cut. */
export async function makeFolder(path: string, mode: number): Promise<void> {
  const first = await makeFolders(path, mode);
  for (let made = path; first !== null && made.length >= first.length; made = dirname(made))
    await syncFolder(dirname(made));
}

/** What was renamed, made or removed in this folder survives a power cut after this. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
