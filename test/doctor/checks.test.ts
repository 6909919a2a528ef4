import { chmodSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allRows } from './rows/all.ts';
import { makeRoom, noMounts } from './support/room.ts';
import type { Row } from './support/row.ts';

const mounts = noMounts();
if (mounts !== null) console.warn(`nothing can be mounted here, so no disk is made ill: ${mounts}`);
const cannot = ({ needs }: Row): boolean =>
  (needs === 'mounts' && mounts !== null) || (needs === 'root' && process.getuid?.() !== 0);

test.each(allRows.filter((row) => !cannot(row)))('$id: $what: $state', async (row) => {
  const room = makeRoom();
  await row.scene(room);
  const found = await room.ask(row.id);
  const told = found.map(({ state, sentence }) => `${state}: ${sentence}`).join('\n');
  expect(told).toMatch(row.says);
  expect(found.map(({ state }) => state)).toContain(row.state);
  for (const one of found) expect(one).toMatchObject({ id: row.id, link: `docs/doctor.md#${row.id}` });
  if (row.state !== 'well' && row.state !== 'skipped') expect(found.every(({ fix }) => fix !== '')).toBe(true);
  if (row.mended === undefined) return;
  const [mended] = await room.ask(row.id, { fix: true });
  expect(mended?.mended.length).toBeGreaterThan(0);
  expect((await room.ask(row.id)).map(({ state }) => state)).toEqual([row.mended]);
});

test.each([
  ['nobody but the daemon', {}, {}, 0o700],
  ['a group that may read', {}, { control: { group: String(process.getgid?.()) } }, 0o710],
  ['a group that the home is not given to yet', {}, { control: { group: '54321' } }, 0o711],
  ['a client with a user of its own', { user: 'nobody' }, {}, 0o711],
  ['both', { user: 'nobody' }, { control: { group: String(process.getgid?.()) } }, 0o711],
] as const)('an open home is closed as far as the args file lets it: %s', async (_, client, top, mode) => {
  const room = makeRoom();
  await room.args(client, {}, top);
  chmodSync(room.home.root, 0o755);
  await room.ask('home-mode', { fix: true });
  expect((statSync(room.home.root).mode & 0o7777).toString(8)).toBe(mode.toString(8));
});

test('only what is asked for is mended: without --fix nothing is touched', async () => {
  const room = makeRoom();
  await room.args();
  chmodSync(room.home.root, 0o755);
  expect((await room.ask('home-mode')).map(({ mended }) => mended)).toEqual([[]]);
  expect(statSync(room.home.root).mode & 0o777).toBe(0o755);
});
