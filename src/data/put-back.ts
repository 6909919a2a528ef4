import { lstat, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { VisorError } from '../errors.ts';
import { copyTree } from './copy-tree.ts';
import { syncFolder } from './durable.ts';
import { type Backup, contentOf } from './marker.ts';
import { removeTree } from './remove-tree.ts';
import { canShare, hasRoom, requireRoom } from './space.ts';
import { lookAtTree } from './tree.ts';
import { verify } from './verify.ts';

/** Beside the data, on their own file system: what is to take their place, and what they were. */
export const comingOf = (dir: string): string => `${dir}.vaultvisor-coming`;
export const asideOf = (dir: string): string => `${dir}.vaultvisor-aside`;

/**
 * Puts the data back as they were. Verified first; built beside the data, then given their name, so that at every instant there are the ones or the
 * others; begun anew or ended by a second call, wherever a first one died. The backup stays as it is. Nobody may have the data open.
 * @throws VisorError `io` for a backup that is damaged or without room; what the file system says. The backup is whole then, and it may be tried again
 */
export async function putBack(
  backup: Backup,
  progress: (copied: number, total: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { dir } = backup.marker;
  const [coming, aside] = [comingOf(dir), asideOf(dir)];
  const [isHere, isAside] = [await isThere(dir), await isThere(aside)];
  if (isAside && isHere) return removeAside(dir, aside);
  if (isAside && (await isThere(coming))) return enter(dir, coming, aside);
  await requireIntact(backup, signal);
  // what is aside beside something that is coming says that the latter is whole
  if (isAside) await removeAside(dir, aside);
  await removeTree(coming);
  await build(backup, progress, signal);
  if (await isThere(dir)) await rename(dir, aside).catch(explained(dir));
  await syncFolder(dirname(dir));
  await enter(dir, coming, aside);
}

/** Ends what a death cut short between two names: else a client that is started would find no data, and begin anew. */
export async function finishPutBack(dir: string): Promise<void> {
  const [coming, aside] = [comingOf(dir), asideOf(dir)];
  if (!(await isThere(dir)) && (await isThere(aside)) && (await isThere(coming))) await enter(dir, coming, aside);
}

async function build(
  backup: Backup,
  progress: (copied: number, total: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { dir } = backup.marker;
  const [from, above] = [contentOf(backup.folder), dirname(dir)];
  const tree = await lookAtTree(from, signal);
  const sharing = await canShare(from, tree, comingOf(dir));
  if (!sharing && !(await hasRoom(above, tree.bytes))) {
    // what a migration left, and filled the disk with, is worth nothing beside a whole backup
    if (await isThere(dir)) await rename(dir, asideOf(dir)).catch(explained(dir));
    await removeTree(asideOf(dir));
    await requireRoom(above, tree.bytes);
  }
  const report = (copied: number) => progress(copied, tree.bytes);
  await copyTree({ from, to: comingOf(dir), tree, sharing, progress: report }, signal);
  await syncFolder(above);
}

async function enter(dir: string, coming: string, aside: string): Promise<void> {
  await rename(coming, dir);
  await syncFolder(dirname(dir));
  await removeAside(dir, aside);
}

async function removeAside(dir: string, aside: string): Promise<void> {
  await removeTree(aside);
  await syncFolder(dirname(dir));
}

async function requireIntact(backup: Backup, signal: AbortSignal): Promise<void> {
  const [first, ...others] = await verify(backup, signal);
  if (first === undefined) return;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  throw new VisorError(
    'io',
    `the backup ${backup.folder} is damaged, and nothing was put back: ${first}${more}`,
    'Look at the disk (dmesg); the data and the backup were left as they are, for a person to judge.',
  );
}

const explained = (dir: string) => (error: unknown) => {
  const { code } = error as { code?: unknown };
  if (code !== 'EBUSY') throw error;
  throw new VisorError(
    'config',
    `${dir} cannot be replaced: something is mounted there`,
    'Have data.dir name a folder below the mount.',
    { cause: error },
  );
};

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    (error: { code?: unknown }) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
