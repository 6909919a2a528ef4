import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { VisorError } from '../../errors.ts';
import { takeLock } from '../lock.ts';

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
  if (!isExcluding(type))
    throw refusal(`its file system (type 0x${type.toString(16)}) is not known to keep locks`, folder);
  if (!(await provesExclusion(folder))) throw refusal('a second process was given a lock that was held', folder);
}

export const isExcluding = (type: number): boolean => EXCLUDING.has(type);

/** Asks twice for one lock, from two processes: the second must be refused, and granted when the first is gone. */
export async function provesExclusion(folder: string): Promise<boolean> {
  const path = join(folder, `.proof-${process.pid}-${randomBytes(6).toString('hex')}`);
  const first = await takeLock(path);
  const second = await takeLock(path);
  first?.release();
  const third = await takeLock(path);
  second?.release();
  third?.release();
  rmSync(path, { force: true }); // the name is random and was ours alone; a lock that others know is never removed
  return first !== null && second === null && third !== null;
}

function refusal(why: string, folder: string): VisorError {
  const types = [...EXCLUDING.values()].join(', ');
  return new VisorError(
    'config',
    `locks in ${folder} would not keep a second client out: ${why}`,
    `Use a folder on a local ${types} (lockDir; for the home: home).`,
  );
}
