import { chmodSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { haveOwnUsers, settleHome } from '../../src/daemon/home-way.ts';
import { scratch } from '../support/process/scratch.ts';

const isRoot = process.getuid?.() === 0;
const seen = (path: string) => {
  const { mode, gid } = statSync(path);
  return [(mode & 0o7777).toString(8), gid];
};

test.skipIf(!isRoot)('a home is as closed as those allow who need the way through it', async () => {
  const root = scratch();
  chmodSync(root, 0o700);
  const own = statSync(root).gid;
  const steps = [
    [null, false, '700', own],
    [null, true, '711', own],
    [54_321, true, '711', own],
    [54_321, false, '710', 54_321],
    [54_322, false, '710', 54_322],
    [null, false, '700', 54_322],
  ] as const;
  for (const [gid, users, mode, owner] of steps) {
    await settleHome(root, gid, users);
    expect(seen(root)).toEqual([mode, owner]);
  }
});

test('a mode that a person gave it stays; where it keeps the group out, that is said', async () => {
  const root = scratch();
  chmodSync(root, 0o755);
  await settleHome(root, null, true);
  await settleHome(root, 54_321, false);
  expect(seen(root)[0]).toBe('755');
  chmodSync(root, 0o750);
  await expect(settleHome(root, 54_321, false)).rejects.toThrow('chmod it to 0700');
  expect(seen(root)[0]).toBe('750');
});

test('only who is another user of this machine needs the way', async () => {
  const user = (name: string, group: string | null = null) => ({ user: { name, group } });
  expect(await haveOwnUsers([])).toBe(false);
  expect(await haveOwnUsers([{}, user(String(process.geteuid?.())), user('no-such-user')])).toBe(false);
  expect(await haveOwnUsers([{}, user('nobody')])).toBe(true);
});
