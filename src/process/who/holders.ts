import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { type FileId, fileAt, isSameFile } from './file-id.ts';
import { type Process, processes, threads } from './processes.ts';

/**
 * The processes whose descriptors hold the lock at this path; never ourselves. /proc/locks is no help: it names the helper that asked.
 * A process that has the file open without the lock (a helper that waits, a reader) does not hold it: the kernel tells in `fdinfo`.
 * Where it does not tell, everybody who has the file open counts. Processes of other users are seen by root only.
 */
export async function holdersOf(path: string): Promise<readonly Process[]> {
  const open = await openersOf(path);
  const holders = open.filter(({ locked }) => locked);
  return (holders.length > 0 ? holders : open).map(({ process }) => process);
}

interface Opener {
  readonly process: Process;
  readonly locked: boolean;
}

async function openersOf(path: string): Promise<readonly Opener[]> {
  const file = fileAt(path);
  const found: Opener[] = [];
  if (file === null) return found;
  for (const [index, candidate] of processes().entries()) {
    if (index % 16 === 15) await breathe();
    const opened = candidate.pid === process.pid ? null : lookAt(candidate, path, file);
    if (opened !== null) found.push(opened);
  }
  return found;
}

function lookAt(candidate: Process, path: string, file: FileId): Opener | null {
  const open = descriptorsOf(candidate.pid, path, file);
  return open.length === 0 ? null : { process: candidate, locked: open.some(isLocked) };
}

/** Whether a process has this file open: `null` if we may not look. */
export function hasOpen(pid: number, path: string, file: FileId): boolean | null {
  const folder = folderOf(pid);
  return isReadable(folder) ? descriptorsOf(pid, path, file).length > 0 : null;
}

interface Descriptor {
  readonly folder: string;
  readonly number: string;
}

/** The link's text is looked at first: asking for the file behind each descriptor could hang on a dead network file system. */
function descriptorsOf(pid: number, path: string, file: FileId): readonly Descriptor[] {
  const folder = folderOf(pid);
  const name = basename(path);
  return namesIn(`${folder}/fd`)
    .filter((number) => linkAt(`${folder}/fd/${number}`).includes(name))
    .filter((number) => {
      const opened = fileAt(`${folder}/fd/${number}`);
      return opened !== null && isSameFile(opened, file);
    })
    .map((number) => ({ folder, number }));
}

function isLocked({ folder, number }: Descriptor): boolean {
  try {
    return /^lock:.*FLOCK/m.test(readFileSync(`${folder}/fdinfo/${number}`, 'utf8'));
  } catch {
    return false;
  }
}

/** All threads share the files, but the first one shows none when it has left before the others. */
function folderOf(pid: number): string {
  const living = threads(pid);
  return living.includes(pid) || living.length === 0 ? `/proc/${pid}` : `/proc/${pid}/task/${living[0]}`;
}

function isReadable(folder: string): boolean {
  try {
    readdirSync(`${folder}/fd`);
    return true;
  } catch {
    return false;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
