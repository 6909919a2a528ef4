import { chmod, mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openBlobs } from '../../src/store/blobs.ts';
import { checksumOf, failureOf, modeOf, namesIn, noise, scratchFolder, scratchStore } from './scratch.ts';

const bytes = noise(700_000);
const checksum = checksumOf(bytes);
const never = new AbortController().signal;

async function laden() {
  const folder = await scratchFolder();
  const store = await scratchStore();
  const blobs = openBlobs(store);
  const file = join(folder, 'vault');
  await writeFile(file, bytes);
  return { blobs, store, file };
}

test('an empty store holds nothing', async () => {
  const blobs = openBlobs(await scratchStore());
  expect(await blobs.list()).toEqual([]);
  expect(await blobs.has(checksum)).toBe(false);
  expect(await blobs.verify(checksum)).toBe(false);
  expect(await blobs.prune(async () => () => false)).toEqual([]);
  await blobs.discard(checksum);
});

test('a local file is taken in under its own checksum, and stays where it is', async () => {
  const { blobs, store, file } = await laden();
  expect(await blobs.importFile(file, null, never)).toBe(checksum);
  expect(blobs.path(checksum)).toBe(join(store.verified, checksum.slice(2)));
  expect(bytes.equals(await readFile(blobs.path(checksum)))).toBe(true);
  expect(await modeOf(blobs.path(checksum))).toBe(0o555);
  expect(bytes.equals(await readFile(file))).toBe(true);
  expect(await blobs.list()).toEqual([checksum]);
  expect(await blobs.has(checksum)).toBe(true);
  expect(await blobs.verify(checksum)).toBe(true);
  expect(await namesIn(store.partial)).toEqual([]);
  await blobs.discard(checksum);
  expect(await blobs.has(checksum)).toBe(false);
});

test('another file than the one named is not taken in', async () => {
  const { blobs, store, file } = await laden();
  const error = await failureOf(blobs.importFile(file, checksumOf('another'), never));
  expect(error).toMatchObject({ code: 'protocol', message: expect.stringContaining(checksum) });
  expect([await namesIn(store.partial), await namesIn(store.verified)]).toEqual([[], []]);
  expect(await failureOf(blobs.importFile(`${file}.absent`, null, never))).toMatchObject({
    code: 'io',
    message: expect.stringContaining('ENOENT'),
  });
  expect(await failureOf(blobs.importFile(store.verified, null, never))).toMatchObject({ name: 'VisorError' });
  expect(await failureOf(blobs.importFile(file, null, AbortSignal.abort(new Error('stop'))))).toMatchObject({
    message: 'stop',
  });
  expect([await namesIn(store.partial), await namesIn(store.verified)]).toEqual([[], []]);
});

test('damage is found by hashing, and healed by taking the file in again', async () => {
  const { blobs, file } = await laden();
  await blobs.importFile(file, null, never);
  const path = blobs.path(checksum);
  await chmod(path, 0o755);
  await truncate(path, 699_999);
  expect(await blobs.has(checksum)).toBe(true);
  expect(await blobs.verify(checksum)).toBe(false);
  await blobs.importFile(file, checksum, never);
  expect(await blobs.verify(checksum)).toBe(true);
  expect(await failureOf(blobs.verify(checksum, AbortSignal.abort(new Error('stop'))))).toMatchObject({
    message: 'stop',
  });
});

test('a link or a folder in its place is not held', async () => {
  const { blobs, store, file } = await laden();
  await mkdir(store.verified, { recursive: true });
  await symlink(file, blobs.path(checksum));
  expect(await blobs.has(checksum)).toBe(false);
  expect(await blobs.verify(checksum)).toBe(false);
  await mkdir(blobs.path(checksumOf('folder')));
  expect(await blobs.has(checksumOf('folder'))).toBe(false);
  expect(await blobs.verify(checksumOf('folder'))).toBe(false);
});

test('what nobody names goes, partial or whole; all else stays', async () => {
  const { blobs, store, file } = await laden();
  await blobs.importFile(file, null, never);
  const [old, half, wanted] = ['old', 'half', 'wanted'].map(checksumOf) as [string, string, string];
  await writeFile(blobs.path(old), 'old');
  for (const name of [half, wanted].map((c) => c.slice(2))) {
    await writeFile(join(store.partial, name), 'part');
    await writeFile(join(store.partial, `${name}.json`), '{}');
  }
  await writeFile(join(store.partial, 'somebody else’s'), '');
  expect((await blobs.prune(async () => (one) => one === checksum || one === wanted)).sort()).toEqual(
    [old, half].sort(),
  );
  expect(await blobs.list()).toEqual([checksum]);
  expect(await namesIn(store.partial)).toEqual([wanted.slice(2), `${wanted.slice(2)}.json`, 'somebody else’s'].sort());
});

test.each(['0x', '../../etc/passwd', `0x${'a'.repeat(63)}/`, ''])('%j is no way into the file system', (text) => {
  const blobs = openBlobs({ partial: '/nowhere', verified: '/nowhere', staged: '/nowhere' });
  expect(() => blobs.path(text)).toThrow(/no SHA-256/);
});

test('what is named and comes while it is asked who names what stays', async () => {
  const store = await scratchStore();
  const blobs = openBlobs(store);
  const folder = await scratchFolder();
  await writeFile(join(folder, 'late'), bytes);
  const named = new Set<string>();
  const gone = await blobs.prune(async () => {
    await blobs.importFile(join(folder, 'late'), null, never);
    return (one) => named.has(one);
  });
  expect(gone).toEqual([]);
  expect(await blobs.has(checksum)).toBe(true);
});
