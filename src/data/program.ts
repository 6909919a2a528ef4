import { constants } from 'node:fs';
import { chmod, copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode } from '../errors.ts';
import { makeFolder } from '../folders.ts';
import { removeTree } from './remove-tree.ts';

/** What `ps` and the log call it. */
const NAME = 'migrate-data';

/**
 * Makes a migration executable in a private folder, where nothing else is.
 * @param verified its bytes in the store; who calls proves what was placed
 * @returns its absolute path
 */
export async function placeProgram(verified: string, folder: string): Promise<string> {
  await removeTree(folder);
  await makeFolder(folder, 0o700);
  const path = join(folder, NAME);
  await copyFile(verified, path, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  await chmod(path, 0o555);
  return path;
}

/** What of it may still run: whoever executes it is ours. */
export async function placedPrograms(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).map((name) => join(folder, name));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
