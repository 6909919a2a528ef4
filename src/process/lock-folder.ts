import { accessSync, chmodSync, constants, lstatSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { sentenceOf, VisorError } from '../errors.ts';
import { makeFoldersSync } from '../folders.ts';
import { sharedLocks } from '../layout.ts';
import { requireExclusion, requireKnownFileSystem } from './locks/exclusion.ts';

/** Like /tmp: everybody makes files there, nobody removes another's. */
const SHARED = 0o1777;

export interface LockFolder {
  readonly folder: string;
  /** What the operator should be told about it; `null`: it is where it should be. */
  readonly note: string | null;
}

export interface LockFolderRequest {
  /** `lockDir` of the operator's file. */
  readonly lockDir: string | null;
  /** `homeAt(…).locks`: excludes only what shares this home. */
  readonly fallback: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The folder that every vaultvisor of the machine finds without being told. */
  readonly shared?: string;
}

/**
 * Where the clients' locks lie, proved to exclude: what was asked for, else one folder for the whole machine, else one below the home.
 * @throws VisorError `config` if the folder asked for cannot be used, or its file system does not exclude
 */
export async function lockFolder(request: LockFolderRequest): Promise<LockFolder> {
  const chosen = choose(request);
  await requireExclusion(chosen.folder);
  return chosen;
}

function choose({ lockDir, fallback, env = process.env, shared = sharedLocks }: LockFolderRequest): LockFolder {
  const asked = lockDir ?? (env['VAULTVISOR_LOCKS'] || null);
  // by its name it is what it is without: where it was made for one user, the next one's daemon could not start
  if (asked !== null) return { folder: mustUse(asked, asked === shared ? SHARED : null), note: null };
  const obstacle = shareFolder(shared);
  if (obstacle === null) return { folder: shared, note: null };
  const note = `the locks are in ${fallback}, since ${obstacle}: a client started from another home or by another user is not kept out; set lockDir to a folder that all of them share`;
  return { folder: mustUse(fallback), note };
}

function mustUse(folder: string, mode: number | null = null): string {
  if (isAbsolute(folder)) requireKnownFileSystem(folder);
  const obstacle = isAbsolute(folder) ? makeFolder(folder, mode) : `${folder} is not an absolute path`;
  if (obstacle === null) return folder;
  throw new VisorError(
    'config',
    `the lock folder cannot be used: ${obstacle}`,
    'Name a folder on a local disk that this user may write to (lockDir or VAULTVISOR_LOCKS).',
  );
}

const shareFolder = (folder: string): string | null => makeFolder(folder, SHARED);

function makeFolder(folder: string, mode: number | null): string | null {
  try {
    const made = makeFoldersSync(folder, 0o700) !== null;
    if (made && mode !== null) chmodSync(folder, mode); // mkdir's mode is cut by the umask
    if (!lstatSync(join(folder, '.')).isDirectory() || lstatSync(folder).isSymbolicLink())
      return `${folder} is not a folder`;
    accessSync(folder, constants.W_OK | constants.X_OK);
    return null;
  } catch (thrown) {
    return sentenceOf(thrown);
  }
}
