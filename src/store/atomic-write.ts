import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncFolder } from '../folders.ts';
import { codeOf } from './files/file-errors.ts';

/** Only root may give a file away. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Tells the temporary files of this process from those of a dead one that had the same pid (in a container it always has). */
const self = randomBytes(6).toString('hex');
let written = 0;

/**
 * Replaces a file as one act that outlives a power cut: who reads sees the former content or the new one, never a part.
 * Written beside it, fsynced, renamed, the folder fsynced (POSIX promises the rename only then).
 * @param options `owner`: whose it is from the beginning; `durable: false` for what means nothing after the next boot: it outlives our death, and waits for no disk
 * @throws what the file system says; the former content is then still there
 */
export async function writeAtomic(
  path: string,
  data: string | Uint8Array,
  options: { mode?: number; durable?: boolean; owner?: Owner } = {},
): Promise<void> {
  const { mode = 0o600, durable = true, owner } = options;
  const temporary = temporaryBeside(path);
  try {
    await writeNew(temporary, data, { mode, durable, owner });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    // the name that a person knows, and the same at each attempt
    if (error instanceof Error) error.message = error.message.replaceAll(temporary, path);
    throw error;
  }
  if (durable) await syncFolder(dirname(path));
}

/** A name beside `path` for a file that is not finished; `removeLeftovers` knows it. */
export function temporaryBeside(path: string): string {
  written += 1;
  return join(dirname(path), `.${basename(path)}.${process.pid}.${self}.${written}.tmp`);
}

/** Removes what writers that died have left in a folder, beside one file or all; what a live process is writing stays. */
export async function removeLeftovers(folder: string, file = ''): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (name.startsWith(`.${file}`) && isLeftover(name)) await rm(join(folder, name), { force: true }).catch(() => {}); // a disk that takes nothing now keeps nobody from his work
  }
}

/** What writers that died have left in a folder: the paths. */
export async function leftoversIn(folder: string): Promise<readonly string[]> {
  const names = await namesIn(folder);
  return names.filter((name) => name.startsWith('.') && isLeftover(name)).map((name) => join(folder, name));
}

/** The names in a folder; of one that is not there, none. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

interface How {
  readonly mode: number;
  readonly durable: boolean;
  readonly owner: Owner | undefined;
}

async function writeNew(path: string, data: string | Uint8Array, { mode, durable, owner }: How): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(data);
    if (owner !== undefined) await handle.chown(owner.uid, owner.gid);
    await handle.chmod(mode);
    if (durable) await handle.sync();
  } finally {
    await handle.close();
  }
}

function isLeftover(name: string): boolean {
  const [, pid, writer] = /\.(\d+)\.([0-9a-f]{12})\.\d+\.tmp$/.exec(name) ?? [];
  if (pid === undefined || writer === self) return false;
  return Number(pid) === process.pid || !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
