import { closeSync, existsSync, openSync, statfsSync, writeSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noDisk } from '../../lab/support/disk/disk.ts';
import { foresee } from '../../src/data/back-up.ts';
import { putBack } from '../../src/data/put-back.ts';
import { dataRoom, never } from '../support/data-room.ts';

const MIB = 2 ** 20;
const lack = await noDisk('ext4');
if (lack !== null) console.warn(`no disk is filled here: ${lack.words}`);
const needsDisk = test.skipIf(lack?.lacks === 'package' && process.env['CI'] !== 'true');
const small = () => dataRoom({ kind: 'ext4', bytes: 128 * MIB });

needsDisk(
  'a disk without room for the backup is told before anything is stopped, and before anything is copied',
  async () => {
    expect(lack?.lacks).not.toBe('package');
    if (lack !== null) return;
    const room = small();
    await writeFile(join(room.dir, 'table'), Buffer.alloc(40 * MIB, 1));
    const words = /the disk of .* has \d+ MiB left; the copy of the data takes 40 MiB, and 64 MiB stay free/;
    await expect(foresee(room.dir, join(room.root, 'backups'), never)).rejects.toThrow(words);
    await expect(room.backUp()).rejects.toThrow(words);
    expect(existsSync(room.folder)).toBe(false);
  },
);

needsDisk(
  'a disk that fills while the backup is made: nothing of it is left, and the data are what they were',
  async () => {
    if (lack !== null) return;
    const room = small();
    await writeFile(join(room.dir, 'a'), Buffer.alloc(10 * MIB, 1));
    await writeFile(join(room.dir, 'b'), Buffer.alloc(10 * MIB, 2));
    const progress = (copied: number) => {
      if (copied === 10 * MIB) fill(room.root);
    };
    await expect(room.backUp({ progress })).rejects.toThrow('ENOSPC');
    expect(existsSync(room.folder)).toBe(false);
    expect((await readFile(join(room.dir, 'b'))).equals(Buffer.alloc(10 * MIB, 2))).toBe(true);
  },
);

needsDisk('a migration that fills the disk leaves no room for both: what it left goes first', async () => {
  if (lack !== null) return;
  const room = small();
  await writeFile(join(room.dir, 'table'), Buffer.alloc(10 * MIB, 1));
  const backup = await room.backUp();
  await rm(join(room.dir, 'table'));
  await mkdir(join(room.dir, 'new'));
  const { bavail, bsize } = statfsSync(room.root);
  await writeFile(join(room.dir, 'new', 'table'), Buffer.alloc(bavail * bsize - MIB, 3));
  await putBack(backup, () => {}, never);
  expect((await readFile(join(room.dir, 'table'))).equals(Buffer.alloc(10 * MIB, 1))).toBe(true);
  expect(existsSync(join(room.dir, 'new'))).toBe(false);
});

function fill(at: string): void {
  const file = openSync(join(at, 'filler'), 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(MIB));
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
