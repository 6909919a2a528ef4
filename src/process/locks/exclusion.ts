import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { VisorError } from '../../errors.ts';
import { codeOf } from '../system-error.ts';
import { flock } from './flock.ts';

const { O_CREAT, O_EXCL, O_RDONLY, O_RDWR } = constants;
const PROOF = '.proof-';

/**
 * Types of statfs(2) where flock is known to exclude (magic numbers: linux/magic.h; zfs: its own source).
 * Network and shared file systems are not among them: several pass every test from one side and still let two in.
 */
const EXCLUDING = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'xfs'],
  [0x9123683e, 'btrfs'],
  [0x2fc12fc1, 'zfs'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'overlay'],
]);

/**
 * Refuses a folder whose locks would keep nobody out.
 * @throws VisorError `config`, with the type of the file system
 */
export async function requireExclusion(folder: string): Promise<void> {
  const { type } = await statfs(folder);
  if (!isExcluding(type)) throw unknownType(type, folder);
  if (!(await provesExclusion(folder).catch(withoutRoom)))
    throw refusal('a second process was given a lock that was held', folder);
}

/**
 * The same of a folder that is still to be made, by what it would lie on: below /proc nothing can be made, and Node tries for ever.
 * @throws VisorError `config`, with the type of the file system
 */
export function requireKnownFileSystem(folder: string): void {
  const type = typeOf(folder);
  if (!isExcluding(type)) throw unknownType(type, folder);
}

function typeOf(folder: string): number {
  for (let path = folder; ; path = dirname(path)) {
    try {
      return statfsSync(path).type;
    } catch (thrown) {
      if (path === dirname(path)) throw thrown;
    }
  }
}

const unknownType = (type: number, folder: string): VisorError =>
  refusal(`its file system (type 0x${type.toString(16)}) is not known to keep locks`, folder);

export const isExcluding = (type: number): boolean => EXCLUDING.has(type);

/** Asks twice for one lock, from two processes: the second must be refused, and granted when the first is gone. */
export async function provesExclusion(folder: string): Promise<boolean> {
  removeProofs(folder);
  const open = new Set<number>();
  const opened = (path: string, flags: number): number => {
    const descriptor = openSync(path, flags, 0o600);
    open.add(descriptor);
    return descriptor;
  };
  try {
    const first = newProof(folder, opened);
    // other descriptions of the same file, which by now has no name: whoever sweeps the folder does not disturb us
    const [second, third] = [opened(`/proc/self/fd/${first}`, O_RDONLY), opened(`/proc/self/fd/${first}`, O_RDONLY)];
    if ((await flock(first, '', null)) !== 'granted' || (await flock(second, '', null)) !== 'refused') return false;
    closeSync(first);
    open.delete(first);
    return (await flock(third, '', null)) === 'granted';
  } finally {
    for (const descriptor of open) closeSync(descriptor);
  }
}

/** A file that nobody else knows; its name is needed no longer than to open it. */
function newProof(folder: string, open: (path: string, flags: number) => number): number {
  const path = join(folder, `${PROOF}${process.pid}-${randomBytes(6).toString('hex')}`);
  const descriptor = open(path, O_RDWR | O_CREAT | O_EXCL);
  rmSync(path, { force: true });
  return descriptor;
}

/** Left by daemons that died between the two; what another user left is another user's. */
function removeProofs(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(PROOF)) continue;
    try {
      rmSync(join(folder, name), { force: true });
    } catch {
      // a name without a meaning may stay
    }
  }
}

/** A disk that takes no new file just now keeps no client down: its type speaks for it, as it did when there was room. */
function withoutRoom(thrown: unknown): true {
  if (['ENOSPC', 'EDQUOT', 'EROFS'].includes(codeOf(thrown))) return true;
  throw thrown;
}

function refusal(why: string, folder: string): VisorError {
  const types = [...EXCLUDING.values()].join(', ');
  return new VisorError(
    'config',
    `locks in ${folder} would not keep a second client out: ${why}`,
    `Use a folder on a local ${types} (lockDir; for the home: home).`,
  );
}
