import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type GuardRecord, loadGuard, saveGuard } from '../../src/store/state-guard.ts';
import { scratchFolder as scratch } from './scratch.ts';

const found: GuardRecord = {
  schema: 1,
  machine: 'ab'.repeat(32),
  account: `0x${'cd'.repeat(32)}`,
  at: '2026-11-21T14:00:00.000Z',
  verdict: 'skipped',
  by: 'root (sudo by alice)',
};

test('what was found is read again, with the folder made for it', async () => {
  const path = join(await scratch(), 'kintsugi/vault/guard.json');
  await saveGuard(path, found);
  expect(await loadGuard(path)).toEqual(found);
});

test.each([
  ['nothing', null],
  ['half of it', JSON.stringify(found).slice(0, 40)],
  ['another schema', JSON.stringify({ ...found, schema: 2 })],
  ['a verdict that is not known', JSON.stringify({ ...found, verdict: 'trusted' })],
  ['no verdict', JSON.stringify({ ...found, verdict: undefined })],
  ['more than is known', JSON.stringify({ ...found, until: 7 })],
])('%s: the account is watched again', async (_what, text) => {
  const folder = await scratch();
  const path = join(folder, 'guard.json');
  if (text !== null) await writeFile(path, text);
  expect(await loadGuard(path)).toBeNull();
});

test('what cannot be saved leaves the former record', async () => {
  const folder = await scratch();
  const path = join(folder, 'guard.json');
  await saveGuard(path, found);
  await expect(saveGuard(path, { ...found, at: 'yesterday' })).rejects.toThrow();
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(found);
  await mkdir(join(folder, 'folder/guard.json'), { recursive: true });
  await expect(saveGuard(join(folder, 'folder/guard.json'), found)).rejects.toThrow(
    'could not save what the guard found',
  );
});
