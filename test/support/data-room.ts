import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type FileSystem, makeDisk, noDisk } from '../../lab/support/disk/disk.ts';
import { unmountAll } from '../../lab/support/disk/mounts.ts';
import { type BackUpRequest, backUp } from '../../src/data/back-up.ts';
import type { Backup } from '../../src/data/marker.ts';

export const never = new AbortController().signal;
export const UPDATE = '1763744000000-0123456789ab';

/** Data and the folder of a backup, on one disk. Gone when the test is over. */
export interface DataRoom {
  readonly root: string;
  readonly dir: string;
  readonly folder: string;
  backUp(how?: Partial<BackUpRequest>): Promise<Backup>;
}

/** @param disk of its own, so large; absent: the one that temporary files lie on */
export function dataRoom(disk?: { readonly kind: FileSystem; readonly bytes: number }): DataRoom {
  const scratch = mkdtempSync(join(tmpdir(), 'vaultvisor-data-'));
  onTestFinished(() => {
    unmountAll(scratch);
    rmSync(scratch, { recursive: true, force: true });
  });
  const root = join(scratch, 'disk');
  mkdirSync(root);
  if (disk !== undefined) makeDisk({ at: root, image: join(scratch, 'image'), ...disk }).mount();
  const [dir, folder] = [join(root, 'vault', 'db'), join(root, 'backups', UPDATE)];
  mkdirSync(dir, { recursive: true });
  const usual = { update: UPDATE, dir, folder, from: '1.0.0', to: '2.0.0', now: 1_763_744_000_000, progress: () => {} };
  return { root, dir, folder, backUp: (how = {}) => backUp({ ...usual, ...how }, never) };
}

/** A file system on which files can share their blocks; it needs root and a loop device. */
export const sharing = { kind: 'btrfs', bytes: 512 * 2 ** 20 } as const;
export const noSharing = await noDisk('btrfs');
