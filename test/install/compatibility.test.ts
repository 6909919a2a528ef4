import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askCompatibility } from '../../src/install/compatibility.ts';
import { never } from '../support/install-room.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaultvisor-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function script(text: string, first = '#!/bin/sh'): Promise<string> {
  const path = join(folder, 'vault');
  await writeFile(path, `${first}\n${text}\n`, { mode: 0o755 });
  return path;
}
const command = ['--spec-versions'];

test.each([
  [
    'a version to a line',
    'echo 1019000; echo; echo 1020000-1020003',
    [
      [1_019_000, 1_019_000],
      [1_020_000, 1_020_003],
    ],
  ],
  [
    'JSON',
    'echo "[1, [2, 3]]"',
    [
      [1, 1],
      [2, 3],
    ],
  ],
  ['beside what it says on stderr', 'echo loading >&2; echo 7', [[7, 7]]],
])('%s', async (_, text, ranges) => {
  expect(await askCompatibility({ program: await script(text), command }, never)).toEqual(ranges);
});

test('it is asked with these words only, and a program that needs node answers too', async () => {
  const program = await script(
    'console.log(process.argv.slice(2).length === 1 ? "1-2" : "none")',
    '#!/usr/bin/env node',
  );
  expect(await askCompatibility({ program, command }, never)).toEqual([[1, 2]]);
});

test('a command of the operator answers for it', async () => {
  const program = await script('exit 1');
  const answers = join(folder, 'answers');
  await writeFile(answers, '#!/bin/sh\n[ "$1" = "$(dirname "$0")/vault" ] && echo 5\n', { mode: 0o755 });
  expect(await askCompatibility({ program, command: [answers] }, never)).toEqual([[5, 5]]);
});

test.each([
  ['nothing', 'true', 'printed something else'],
  ['words', 'echo "vault 1.2.3"', 'printed something else'],
  ['a range that ends before it begins', 'echo 2-1', 'printed something else'],
  [
    'an answer, and fails',
    'echo 7; echo "unknown flag" >&2; exit 2',
    'ended with status 2. Its last line: unknown flag',
  ],
  ['without end', 'yes 1019000', 'wrote more than 65536 bytes'],
])('one that says %s is refused with what it did, and what to do', async (_, text, words) => {
  const asked = askCompatibility({ program: await script(text), command }, never);
  await expect(asked).rejects.toMatchObject({ code: 'config', next: expect.stringContaining('release.compatibility') });
  await expect(asked).rejects.toThrow(words);
  await expect(asked).rejects.toThrow('`vault --spec-versions`, asked which spec versions it serves');
});

test('one that begins to serve is ended, and nothing of it is left', async () => {
  const mark = `600.${process.pid}`;
  const program = await script(`sleep ${mark} & sleep ${mark}`);
  const usual = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    await expect(askCompatibility({ program, command, limit: 700 }, never)).rejects.toThrow('did not end within 0.7 s');
  } finally {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
  }
  expect(await readdir(folder)).toEqual(['vault']);
  await expect.poll(() => sleeping(mark), { timeout: 10_000 }).toEqual([]);
});

async function sleeping(mark: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.startsWith('sleep') && line.includes(mark));
}
