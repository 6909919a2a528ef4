import { lstat } from 'node:fs/promises';
import { makeFolder } from '../folders.ts';
import { copyTree } from './copy-tree.ts';
import { syncFolder } from './durable.ts';
import { trialIn } from './kept.ts';
import { type Backup, contentOf, type Marker, readMarker, writeMarker } from './marker.ts';
import { removeTree } from './remove-tree.ts';
import { canShare, requireRoom } from './space.ts';
import { lookAtTree } from './tree.ts';

export interface BackUpRequest {
  /** Names the switch that it is made for. */
  readonly update: string;
  /** The data. */
  readonly dir: string;
  /** The folder of this backup. */
  readonly folder: string;
  /** The releases, in words. */
  readonly from: string;
  readonly to: string;
  readonly now: number;
  progress(copied: number, total: number): void;
}

/**
 * Makes a backup, complete and durable when this resolves; one of this switch that is complete already is taken as it is, one that is not is begun anew.
 * Nobody may write to the data meanwhile.
 * @throws VisorError `io` without room, or where the data changed; `config` where they cannot be copied; what the file system says. What was begun is
 *   removed then, but for a death
 */
export async function backUp(request: BackUpRequest, signal: AbortSignal): Promise<Backup> {
  const { dir, folder } = request;
  const made = await readMarker(folder);
  if (made !== null && made.marker.dir === dir) return made;
  await removeTree(folder);
  try {
    return await make(request, signal);
  } catch (error) {
    await removeTree(folder).catch(() => {}); // what is left is swept later; why it failed is told
    throw error;
  }
}

async function make({ dir, folder, progress, ...said }: BackUpRequest, signal: AbortSignal): Promise<Backup> {
  await makeFolder(folder, 0o700);
  const tree = await lookAtTree(dir, signal);
  const sharing = await canShare(dir, tree, contentOf(folder));
  await requireRoom(folder, sharing ? 0 : tree.bytes);
  const report = (copied: number) => progress(copied, tree.bytes);
  const hashes = await copyTree({ from: dir, to: contentOf(folder), tree, sharing, progress: report }, signal);
  await syncFolder(folder);
  const { update, from, to, now } = said;
  const marker: Marker = {
    schema: 1,
    update,
    dir,
    from,
    to,
    madeAt: now,
    isShared: sharing,
    bytes: tree.bytes,
    usedAt: null,
    entries: tree.entries.map(({ path, kind, size, mode, mtime }) => {
      return { path, kind, size, mode, mtime, sha256: hashes.get(path) ?? null };
    }),
  };
  await writeMarker({ folder, marker });
  return { folder, marker };
}

/** What a backup of the data would take, as far as can be told while they are in use; with what would refuse it. */
export async function foresee(dir: string, backups: string, signal: AbortSignal): Promise<void> {
  await makeFolder(backups, 0o700);
  const tree = await lookAtTree(dir, signal).catch(async (error: unknown) => {
    // what a client that serves removes while we look is no fault
    if ((await lstat(dir).catch(() => null)) === null || !isGone(error)) throw error;
    return null;
  });
  if (tree === null) return;
  await requireRoom(backups, (await canShare(dir, tree, trialIn(backups))) ? 0 : tree.bytes);
}

const isGone = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'ENOENT';
