import { resolve } from 'node:path';

/** How this very program is started again: as one file, or as a script of Node's. */
export async function ownProgram(): Promise<readonly string[]> {
  const { isSea } = await import('node:sea');
  return isSea() ? [process.execPath] : [process.execPath, resolve(process.argv[1] ?? '')];
}
