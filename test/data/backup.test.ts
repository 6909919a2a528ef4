import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import {
  appendFile,
  chmod,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { contentOf, markerOf, readMarker } from '../../src/data/marker.ts';
import { putBack } from '../../src/data/put-back.ts';
import { isSealed, seal, verify } from '../../src/data/verify.ts';
import { dataRoom, never, noSharing, sharing } from '../support/data-room.ts';
import { contentOfDatabase, makeDatabase, withDatabase } from '../support/database.ts';

if (noSharing !== null) console.warn(`files are only copied here: ${noSharing.words}`);
test('a file system that shares blocks is there, or this machine has none', () => {
  if (process.env['CI'] === 'true') expect(noSharing?.lacks).not.toBe('package');
});

const disks = [
  { name: 'copied', disk: undefined },
  ...(noSharing === null ? [{ name: 'shared (btrfs)', disk: sharing }] : []),
];

describe.each(disks)('$name', ({ disk }) => {
  test('everything is kept: contents, holes, links, modes, owners and times', async () => {
    const room = dataRoom(disk);
    await mkdir(join(room.dir, 'a/b'), { recursive: true });
    await writeFile(join(room.dir, 'a/b/table'), Buffer.alloc(3_000_001, 7), { mode: 0o640 });
    await writeFile(join(room.dir, 'empty'), '');
    await writeFile(join(room.dir, 'holes'), 'begin');
    await truncate(join(room.dir, 'holes'), 5_000_000);
    await appendFile(join(room.dir, 'holes'), 'end');
    await symlink('a/b/table', join(room.dir, 'CURRENT'));
    await symlink('/nowhere', join(room.dir, 'dangling'));
    await link(join(room.dir, 'a/b/table'), join(room.dir, 'twin'));
    await utimes(join(room.dir, 'empty'), 1_000_000_000, 1_000_000_000.25);
    await chmod(join(room.dir, 'a/b'), 0o500);
    await utimes(join(room.dir, 'a'), 1_000_000_000, 1_100_000_000);
    const { folder } = await room.backUp();
    const there = contentOf(folder);
    expect(listed(there)).toEqual(listed(room.dir));
    await expectSame(room.dir, there, 'a/b/table');
    await expectSame(room.dir, there, 'holes');
    expect((await stat(join(there, 'holes'))).blocks * 512).toBeLessThan(1_000_000);
    expect(await readlink(join(there, 'dangling'))).toBe('/nowhere');
    expect((await stat(join(there, 'a/b/table'))).nlink).toBe(1);
    for (const path of ['', 'a', 'a/b', 'a/b/table', 'empty', 'holes', 'CURRENT']) {
      const [own, copy] = [await lstat(join(room.dir, path)), await lstat(join(there, path))];
      expect([copy.mode, copy.uid, copy.gid], path).toEqual([own.mode, own.uid, own.gid]);
      if (path !== '') expect(Math.abs(copy.mtimeMs - own.mtimeMs), path).toBeLessThan(1);
    }
  });

  test('a migration that writes in place changes the data and not the backup', async () => {
    const room = dataRoom(disk);
    const table = join(room.dir, 'table');
    await writeFile(table, Buffer.alloc(1_000_000, 1));
    const { mtime, atime } = await stat(table);
    const backup = await room.backUp();
    const file = await open(table, 'r+');
    await file.write(Buffer.alloc(1_000_000, 2), 0, 1_000_000, 0);
    await file.close();
    await utimes(table, atime, mtime);
    expect((await readFile(join(contentOf(room.folder), 'table'))).equals(Buffer.alloc(1_000_000, 1))).toBe(true);
    expect(await verify(backup, never)).toEqual([]);
    await putBack(backup, () => {}, never);
    expect((await readFile(table)).equals(Buffer.alloc(1_000_000, 1))).toBe(true);
  });

  test('a real LevelDB comes back with every entry, whatever was done to it', async () => {
    const room = dataRoom(disk);
    await makeDatabase(room.dir, 20);
    const before = await contentOfDatabase(room.dir);
    const backup = await room.backUp();
    expect(backup.marker.isShared).toBe(disk !== undefined);
    await withDatabase(room.dir, (db) => db.clear());
    await rm(join(room.dir, 'CURRENT'));
    await putBack(backup, () => {}, never);
    expect(await verify(backup, never)).toEqual([]);
    expect(await contentOfDatabase(room.dir)).toBe(before);
    expect(readdirSync(join(room.dir, '..'))).toEqual(['db']);
  });
});

test('what was shared is hashed afterwards, and then a bit that turned is found', async () => {
  if (noSharing !== null) return;
  const room = dataRoom(sharing);
  await writeFile(join(room.dir, 'table'), Buffer.alloc(100_000, 1));
  const backup = await room.backUp();
  expect(isSealed(backup)).toBe(false);
  await seal(backup, () => false, never);
  expect(await readMarker(room.folder)).toEqual(backup);
  await seal(backup, () => true, never);
  const sealed = (await readMarker(room.folder))!;
  expect(isSealed(sealed)).toBe(true);
  await overwritten(join(contentOf(room.folder), 'table'), 'x');
  expect(await verify(backup, never)).toEqual([]);
  expect(await verify(sealed, never)).toEqual(['table has other bytes']);
});

test('verify tells of each thing that is another than it was, and nothing damaged is put back', async () => {
  const room = dataRoom();
  for (const name of ['one', 'two', 'three', 'four']) await writeFile(join(room.dir, name), name.repeat(100));
  const backup = await room.backUp();
  expect(await verify(backup, never)).toEqual([]);
  const there = contentOf(room.folder);
  await overwritten(join(there, 'one'), 'X');
  await appendFile(join(there, 'two'), '!');
  await rm(join(there, 'three'));
  await writeFile(join(there, 'five'), '');
  expect(await verify(backup, never)).toEqual(
    ['one has other bytes', 'three is missing', 'two has 301 bytes, and had 300', 'five was not there'].sort(
      (a, b) => order(a) - order(b),
    ),
  );
  await writeFile(join(room.dir, 'one'), 'half migrated');
  await expect(putBack(backup, () => {}, never)).rejects.toThrow(/is damaged, and nothing was put back/);
  expect(await readFile(join(room.dir, 'one'), 'utf8')).toBe('half migrated');
});

/** In the order of the entries, what was not there last. */
const order = (words: string): number =>
  words.startsWith('five') ? 9 : ['one', 'three', 'two'].indexOf(words.split(' ')[0] ?? '');

test('a backup that is complete is not made again; one that is not is begun anew', async () => {
  const room = dataRoom();
  await writeFile(join(room.dir, 'table'), 'as it was');
  const first = await room.backUp();
  await writeFile(join(room.dir, 'table'), 'migrated by half');
  expect(await room.backUp()).toEqual(first);
  expect(await readFile(join(contentOf(room.folder), 'table'), 'utf8')).toBe('as it was');
  await rm(markerOf(room.folder));
  await writeFile(join(contentOf(room.folder), 'of a dead one'), '');
  await room.backUp();
  expect(readdirSync(contentOf(room.folder))).toEqual(['table']);
  expect(await readFile(join(contentOf(room.folder), 'table'), 'utf8')).toBe('migrated by half');
});

test('what cannot be kept is refused with words, before anything is copied', async () => {
  const room = dataRoom();
  await writeFile(join(room.dir, 'table'), 'x');
  execFileSync('mkfifo', [join(room.dir, 'pipe')]);
  await expect(room.backUp()).rejects.toThrow(`${join(room.dir, 'pipe')} is a named pipe`);
  await rm(join(room.dir, 'pipe'));
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(join(room.dir, 'socket'), resolve));
  await expect(room.backUp()).rejects.toThrow(`${join(room.dir, 'socket')} is a socket`);
  expect(existsSync(room.folder)).toBe(false);
});

test('data that change while they are copied are noticed, and the copy is thrown away', async () => {
  const room = dataRoom();
  await writeFile(join(room.dir, 'a'), 'a'.repeat(1_000));
  await writeFile(join(room.dir, 'b'), 'b'.repeat(1_000));
  const path = join(room.dir, 'a');
  const progress = (copied: number) => void (copied >= 2_000 && execFileSync('sh', ['-c', 'printf x >> "$0"', path]));
  await expect(room.backUp({ progress })).rejects.toThrow(`${path} changed while the data were copied`);
  expect(existsSync(room.folder)).toBe(false);
  const grow = (copied: number) => void (copied >= 2_000 && execFileSync('touch', [join(room.dir, 'c')]));
  await expect(room.backUp({ progress: grow })).rejects.toThrow('changed while the data were copied');
});

async function expectSame(one: string, other: string, path: string): Promise<void> {
  expect((await readFile(join(one, path))).equals(await readFile(join(other, path))), path).toBe(true);
}

/** The same size and time: only its bytes tell. */
async function overwritten(path: string, byte: string): Promise<void> {
  const { atime, mtime } = await stat(path);
  const file = await open(path, 'r+');
  await file.write(byte, 1);
  await file.close();
  await utimes(path, atime, mtime);
}

const listed = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
