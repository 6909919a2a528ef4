import { constants, type Stats } from 'node:fs';
import { access, lstat, realpath, statfs } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { sentenceOf, VisorError } from '../errors.ts';

export interface Place {
  /** As the operator's file names it. */
  readonly dir: string;
  readonly backups: string;
  /** The home's store: what may never be put back to a former state with the data. */
  readonly store: string;
  /** Whether a type of statfs(2) is of a local file system. */
  isLocal(type: number): boolean;
}

/**
 * Whether data that lie there could be backed up and put back.
 * @returns where they really lie, symbolic links followed
 * @throws VisorError `config` saying why not
 */
export async function requirePlace({ dir, backups, store, isLocal }: Place): Promise<string> {
  const real = await realpath(dir).catch((error: unknown) => {
    throw unfit(`data.dir, ${dir}, cannot be found: ${sentenceOf(error)}`);
  });
  const [own, above] = [await lstat(real), await lstat(dirname(real))];
  if (!own.isDirectory()) throw unfit(`data.dir, ${dir}, is not a folder`);
  if (isMount(own, above)) throw unfit(`data.dir, ${dir}, is a mount of its own, and cannot be replaced by its backup`);
  if (!isLocal((await statfs(real)).type)) throw unfit(`data.dir, ${dir}, does not lie on a local disk`);
  for (const [what, path] of [
    ['the store of vaultvisor', store],
    ['data.backupDir', backups],
  ] as const)
    if (isWithin(await realOf(path), real)) throw unfit(`data.dir, ${dir}, holds ${what} (${path})`);
  if (isWithin(real, await realOf(backups))) throw unfit(`data.dir, ${dir}, lies in data.backupDir (${backups})`);
  await access(dirname(real), constants.W_OK | constants.X_OK).catch((error: unknown) => {
    throw unfit(`the folder above data.dir cannot be written to: ${sentenceOf(error)}`);
  });
  return real;
}

const isMount = (own: Stats, above: Stats): boolean => own.dev !== above.dev;

/** What is not there yet lies in the first folder above it that is. */
async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return path === dirname(path) ? path : join(await realOf(dirname(path)), relative(dirname(path), path));
  }
}

export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

const unfit = (why: string): VisorError =>
  new VisorError(
    'config',
    why,
    'Have data.dir name the folder of the client’s database: on a local disk, below a folder that vaultvisor may write to, with nothing of vaultvisor in it.',
  );
