import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../src/folders.ts';
import { removeLeftovers, temporaryBeside, writeAtomic } from '../../src/store/atomic-write.ts';
import { failureOf, modeOf, namesIn, scratchFolder } from './scratch.ts';

test('replaces the content, for us alone, and leaves nothing beside it', async () => {
  const folder = await scratchFolder();
  const path = join(folder, 'state.json');
  await writeFile(path, 'former', { mode: 0o644 });
  await writeAtomic(path, 'new');
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await modeOf(path)).toBe(0o600);
  await writeAtomic(path, Buffer.from([1, 2]), { mode: 0o640 });
  expect(await readFile(path)).toEqual(Buffer.from([1, 2]));
  expect(await modeOf(path)).toBe(0o640);
  expect(await readdir(folder)).toEqual(['state.json']);
});

test('one that waits for no disk replaces the content as whole, for us alone', async () => {
  const folder = await scratchFolder();
  const path = join(folder, 'child.json');
  await writeFile(path, 'former', { mode: 0o644 });
  await writeAtomic(path, 'new', { durable: false });
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await modeOf(path)).toBe(0o600);
  expect(await readdir(folder)).toEqual(['child.json']);
});

test('many at once: one of them is there, whole', async () => {
  const folder = await scratchFolder();
  const path = join(folder, 'state.json');
  const texts = Array.from({ length: 20 }, (_, n) => String(n).repeat(5_000));
  await Promise.all(texts.map((text) => writeAtomic(path, text)));
  expect(texts).toContain(await readFile(path, 'utf8'));
  expect(await readdir(folder)).toEqual(['state.json']);
});

test('a failure leaves what was there, and nothing beside it', async () => {
  const folder = await scratchFolder();
  const path = join(folder, 'state.json');
  await mkdir(join(path, 'in the way'), { recursive: true });
  expect(await failureOf(writeAtomic(path, 'new'))).toMatchObject({
    code: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST/),
  });
  expect(await readdir(folder)).toEqual(['state.json']);
  expect(await readdir(path)).toEqual(['in the way']);
  expect(await failureOf(writeAtomic(join(folder, 'absent', 'x'), 'new'))).toMatchObject({ code: 'ENOENT' });
});

test('a link is replaced, not followed', async () => {
  const folder = await scratchFolder();
  await writeFile(join(folder, 'elsewhere'), 'precious');
  await symlink(join(folder, 'elsewhere'), join(folder, 'link'));
  await writeAtomic(join(folder, 'link'), 'new');
  expect(await readFile(join(folder, 'elsewhere'), 'utf8')).toBe('precious');
  expect(await readFile(join(folder, 'link'), 'utf8')).toBe('new');
});

test('what dead writers left goes; what lives, and all else, stays', async () => {
  const folder = await scratchFolder();
  const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
  const ours = temporaryBeside(join(folder, 'state.json'));
  const stays = [`.a.${process.ppid}.0123456789ab.1.tmp`, 'state.json', '.a.tmp', 'a.1.tmp'];
  for (const name of [...stays, `.a.${dead}.0123456789ab.1.tmp`, `.a.${process.pid}.0123456789ab.1.tmp`])
    await writeFile(join(folder, name), '');
  await writeFile(ours, '');
  await removeLeftovers(folder);
  expect(await namesIn(folder)).toEqual([...stays, ours.slice(folder.length + 1)].sort());
  await removeLeftovers(join(folder, 'absent'));
});

test("beside one file only: what lies beside another may be somebody else's", async () => {
  const folder = await scratchFolder();
  const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
  const [ours, other] = [`.note.home.${dead}.0123456789ab.1.tmp`, `.other.${dead}.0123456789ab.1.tmp`];
  for (const name of [ours, other]) await writeFile(join(folder, name), '');
  await removeLeftovers(folder, 'note.home');
  expect(await namesIn(folder)).toEqual([other]);
});

test('a folder with those above it; one that is there keeps its mode, a file in the way is said', async () => {
  const folder = await scratchFolder();
  const path = join(folder, 'a', 'b', 'c');
  await makeFolder(path, 0o700);
  expect([await modeOf(join(folder, 'a')), await modeOf(path)]).toEqual([0o700, 0o700]);
  await chmod(path, 0o750);
  await Promise.all([
    makeFolder(path, 0o700),
    makeFolder(join(folder, 'x', 'y'), 0o700),
    makeFolder(join(folder, 'x', 'z'), 0o700),
  ]);
  expect(await modeOf(path)).toBe(0o750);
  await writeFile(join(folder, 'file'), '');
  expect(await failureOf(makeFolder(join(folder, 'file'), 0o700))).toMatchObject({ code: 'EEXIST' });
  expect(await failureOf(makeFolder(join(folder, 'file', 'below'), 0o700))).toMatchObject({ code: 'ENOTDIR' });
});
