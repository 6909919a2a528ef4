import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Found, listBackups, removeBackup, superfluous } from '../../src/data/kept.ts';
import { markerOf } from '../../src/data/marker.ts';
import { moveOf, readMoves, recordMove } from '../../src/data/moves.ts';
import { requirePlace } from '../../src/data/place.ts';
import { dataRoom, UPDATE } from '../support/data-room.ts';

const found = (update: string, is: 'whole' | 'used' | 'partial' | 'unreadable'): Found => {
  const usedAt = is === 'used' ? 1 : null;
  const backup = { folder: update, marker: { usedAt } } as unknown as Found['backup'];
  return {
    update,
    folder: update,
    backup: is === 'whole' || is === 'used' ? backup : null,
    trouble: is === 'unreadable' ? 'damaged' : null,
  };
};

test.each([
  ['the newest stay', ['5-a whole', '4-a whole', '3-a whole', '2-a whole'], [], 2, ['3-a', '2-a']],
  ['what the state names stays beside them', ['5-a whole', '4-a whole', '3-a whole'], ['4-a', '3-a'], 1, []],
  ['what was never completed goes, unless it is being made', ['5-a partial', '4-a partial'], ['5-a'], 2, ['4-a']],
  ['what was put back goes and takes no place', ['5-a used', '4-a whole', '3-a whole'], [], 2, ['5-a']],
  ['what cannot be read is for a person', ['5-a unreadable', '4-a whole'], [], 0, ['4-a']],
] as const)('%s', (_, all, named, keep, gone) => {
  const there = all.map((one) => found(one.split(' ')[0]!, one.split(' ')[1] as 'whole'));
  expect(superfluous(there, new Set<string>(named), keep).map(({ update }) => update)).toEqual(gone);
});

test('what lies there is listed, the newest first; what was removed by half was never complete', async () => {
  const room = dataRoom();
  await writeFile(join(room.dir, 'table'), 'x');
  await room.backUp();
  const folder = dirname(room.folder);
  await mkdir(join(folder, '1763744000001-ffffffffffff', 'data'), { recursive: true });
  await mkdir(join(folder, 'lost+found'));
  await mkdir(join(folder, '1763744000002-ffffffffffff'));
  await writeFile(markerOf(join(folder, '1763744000002-ffffffffffff')), 'no JSON');
  const list = await listBackups(folder);
  expect(list.map(({ update, backup, trouble }) => [update, backup !== null, trouble !== null])).toEqual([
    ['1763744000002-ffffffffffff', false, true],
    ['1763744000001-ffffffffffff', false, false],
    [UPDATE, true, false],
  ]);
  await removeBackup(room.folder);
  expect(existsSync(room.folder)).toBe(false);
  await removeBackup(room.folder);
  expect(await listBackups(join(folder, 'none'))).toEqual([]);
});

test('what was done to the data is remembered by the switch; a record that is damaged is never guessed', async () => {
  const room = dataRoom();
  const path = join(room.root, 'moves.json');
  const move = { update: UPDATE, dir: room.dir, backup: room.folder, migrations: ['0xaa'], stage: 'begun' } as const;
  expect(await moveOf(path, UPDATE)).toBeNull();
  await recordMove(path, move);
  await recordMove(path, { ...move, update: '2-a' });
  await recordMove(path, { ...move, stage: 'done' });
  expect(await readMoves(path)).toEqual([
    { ...move, update: '2-a' },
    { ...move, stage: 'done' },
  ]);
  await writeFile(path, '{"schema":1,"mo');
  await expect(recordMove(path, move)).rejects.toThrow('cannot be read');
});

test('data that could not be backed up or put back as a whole are refused', async () => {
  const { root, dir } = dataRoom();
  const place = { dir, backups: join(root, 'backups'), store: join(root, 'store'), isLocal: () => true };
  expect(await requirePlace(place)).toBe(dir);
  const link = join(root, 'link');
  await symlink(dir, link);
  expect(await requirePlace({ ...place, dir: link })).toBe(dir);
  const refused = (how: Partial<typeof place>) => expect(requirePlace({ ...place, ...how })).rejects;
  await refused({ dir: join(root, 'none') }).toThrow('cannot be found');
  await refused({ dir: '/proc' }).toThrow('is a mount of its own');
  await refused({ isLocal: () => false }).toThrow('does not lie on a local disk');
  await refused({ backups: join(link, 'below', 'it') }).toThrow('holds data.backupDir');
  await refused({ store: dir }).toThrow('holds the store');
  await refused({ backups: root }).toThrow('lies in data.backupDir');
  await rm(dir, { recursive: true });
  await writeFile(dir, '');
  await refused({}).toThrow('is not a folder');
});
