import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Disk } from '../support/disk/disk.ts';
import { system } from '../support/disk/mounts.ts';

/** How a disk refuses what is written. */
export type Kind = 'full' | 'no inodes' | 'over quota' | 'read-only';

/** What each of them says: ENOSPC, EDQUOT, EROFS. */
export const words: Readonly<Record<Kind, RegExp>> = {
  full: /ENOSPC|no space/i,
  'no inodes': /ENOSPC|no space/i,
  'over quota': /EDQUOT|quota/i,
  'read-only': /EROFS|read-only/i,
};

/** Begins the trouble; answers what ends it. What others free meanwhile is taken again. */
export function begin(kind: Kind, disk: Disk): () => void {
  switch (kind) {
    case 'full':
      return keepTaken(disk, fill);
    case 'no inodes':
      return keepTaken(disk, takeNames);
    case 'over quota':
      system('btrfs', 'qgroup', 'limit', '64K', FIRST, whole(disk.at));
      return () => void system('btrfs', 'qgroup', 'limit', 'none', FIRST, whole(disk.at));
    case 'read-only':
      disk.readOnly();
      return () => disk.writable();
  }
}

/** How soon room that others gave back is taken (ms). */
const EVERY = 20;

function keepTaken({ at }: Disk, take: (folder: string) => void): () => void {
  const folder = join(at, 'ballast');
  mkdirSync(folder, { recursive: true });
  take(folder);
  const timer = setInterval(() => take(folder), EVERY);
  return () => {
    clearInterval(timer);
    rmSync(folder, { recursive: true, force: true });
  };
}

/** With bytes that have their blocks, at once where there are many. */
function fill(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const many = bavail * bsize - 2 ** 20;
  if (many > 0)
    isTaken(() => execFileSync('fallocate', ['-l', `${many}`, join(folder, `${Date.now()}`)], { stdio: 'ignore' }));
  for (const size of [2 ** 16, 2 ** 12, 2 ** 10])
    while (isTaken(() => appendFileSync(join(folder, 'rest'), Buffer.alloc(size))));
}

let names = 0;

function takeNames(folder: string): void {
  while (isTaken(() => writeFileSync(join(folder, `${names++}`), '')));
}

function isTaken(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}

/** A btrfs counts only when it is told to, and only its subvolumes have limits that can be lifted when they are reached. */
export function mountLimitable({ at, mount }: Disk): void {
  mount();
  system('btrfs', 'quota', 'enable', at);
  system('btrfs', 'subvolume', 'create', join(at, 'home'));
  mkdirSync(whole(at), { recursive: true });
  system('mount', '--bind', at, whole(at));
  system('mount', '--bind', join(whole(at), 'home'), at);
}

/** Where all of it can be reached, beside the subvolume. */
const whole = (at: string): string => `${at}.whole`;

/** The first subvolume that is made. */
const FIRST = '0/256';
