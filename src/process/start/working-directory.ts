import { statSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { sentenceOf } from '../../errors.ts';
import { makeFoldersSync } from '../../folders.ts';

/**
 * Sees that the working directory is there; below our home it is made (0700), elsewhere it is the operator's: a path that is mistyped, or a disk that is
 * not mounted, must not become an empty folder in which a vault finds no journal of its payments.
 * @returns why it cannot be used, in words
 */
export function prepareDirectory(path: string, home: string): string | null {
  try {
    if (isBelow(path, home)) makeFoldersSync(path, 0o700);
    return statSync(path).isDirectory() ? null : `its working directory ${path} is not a folder`;
  } catch (thrown) {
    return `its working directory cannot be used: ${sentenceOf(thrown)}`;
  }
}

/** Whether the path is the folder or lies in it. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return isAbsolute(path) && way !== '..' && !way.startsWith('../');
}
