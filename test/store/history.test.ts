import { appendFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openHistory } from '../../src/store/history.ts';
import { modeOf, namesIn, scratchFolder } from './scratch.ts';

const numbers = (lines: readonly object[]) => lines.map((line) => (line as { n?: number }).n);

test('what is appended is read, oldest first, each line with its schema; nobody else reads it', async () => {
  const path = join(await scratchFolder(), 'new', 'history.ndjson');
  const history = openHistory(path);
  expect(await history.read()).toEqual([]);
  const written = await Promise.all([1, 2, 3].map((n) => history.append({ n, text: 'a\nb' })));
  expect(written).toEqual([true, true, true]);
  expect(await history.read()).toEqual([1, 2, 3].map((n) => ({ schema: 1, n, text: 'a\nb' })));
  expect(numbers(await history.read({ limit: 2 }))).toEqual([2, 3]);
  expect(await history.read({ limit: 0 })).toEqual([]);
  expect(await modeOf(path)).toBe(0o600);
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(4);
});

test('another process goes on where the first stopped', async () => {
  const path = join(await scratchFolder(), 'history.ndjson');
  await openHistory(path).append({ n: 1 });
  await openHistory(path).append({ n: 2 });
  expect(numbers(await openHistory(path).read())).toEqual([1, 2]);
});

test('a line that a power cut tore costs itself only, and the next is whole', async () => {
  const path = join(await scratchFolder(), 'history.ndjson');
  const history = openHistory(path);
  for (const n of [1, 2, 3]) await history.append({ n });
  const { length } = await readFile(path);
  await truncate(path, length - 4);
  expect(numbers(await history.read())).toEqual([1, 2]);
  await history.append({ n: 4 });
  expect(numbers(await history.read())).toEqual([1, 2, 4]);
  await appendFile(path, Buffer.alloc(512));
  await history.append({ n: 5 });
  expect(numbers(await history.read())).toEqual([1, 2, 4, 5]);
});

test('what is no JSON object is left out', async () => {
  const path = join(await scratchFolder(), 'history.ndjson');
  await writeFile(path, '{"n":1}\n[2]\n3\nnull\n"x"\n\n{"n":4}\n');
  expect(numbers(await openHistory(path).read())).toEqual([1, 4]);
});

test('rotates by size, keeps so many, reads over all of them', async () => {
  const folder = await scratchFolder();
  const path = join(folder, 'history.ndjson');
  const history = openHistory(path, { maxBytes: 100, keep: 2 });
  for (let n = 1; n <= 30; n += 1) await history.append({ n });
  expect(await namesIn(folder)).toEqual(['history.ndjson', 'history.ndjson.1', 'history.ndjson.2']);
  const kept = numbers(await history.read());
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 30 - kept.length + 1 + index));
  expect(kept.length).toBeGreaterThan(8);
  expect(numbers(await history.read({ limit: 7 }))).toEqual([24, 25, 26, 27, 28, 29, 30]);
  for (const name of await namesIn(folder))
    expect((await readFile(join(folder, name))).length).toBeLessThanOrEqual(100);
});

test('a line larger than a file is written all the same; with keep 0 there is one file', async () => {
  const folder = await scratchFolder();
  const history = openHistory(join(folder, 'history.ndjson'), { maxBytes: 50, keep: 0 });
  await history.append({ n: 1 });
  expect(await history.append({ n: 2, text: 'x'.repeat(200) })).toBe(true);
  expect(numbers(await history.read())).toEqual([2]);
  expect(await namesIn(folder)).toEqual(['history.ndjson']);
});

test('what cannot be written is said and thrown at nobody; the next one is tried', async () => {
  const folder = await scratchFolder();
  const path = join(folder, 'history.ndjson');
  await mkdir(path);
  const history = openHistory(path);
  expect(await history.append({ n: 1 })).toBe(false);
  expect(await namesIn(folder)).toEqual(['history.ndjson']);
  const circular: { self?: object } = {};
  circular.self = circular;
  const other = openHistory(join(folder, 'other.ndjson'));
  expect(await other.append(circular)).toBe(false);
  expect(await other.append({ n: 2 })).toBe(true);
});
