import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type VerifyRequest, verifyBytes } from '../../src/install/verify.ts';
import { never } from '../support/install-room.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaultvisor-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function ask(text: string, more: Partial<VerifyRequest> = {}, words: readonly string[] = []): Promise<void> {
  const tool = join(folder, 'tool');
  await writeFile(tool, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: '/home/of/keys' };
  const bytes = { path: '/store/bytes', checksum: '0xabc', uri: 'https://example.org/vault', version: null };
  await verifyBytes({ command: [tool, ...words], timeout: 5_000, what: 'release', ...bytes, env, ...more }, never);
}

test('it is told which bytes, in its words and in its environment', async () => {
  await ask(
    `printf '%s\\n' "$@" "$VAULTVISOR_PATH" "$VAULTVISOR_CHECKSUM" "$VAULTVISOR_URI" "$VAULTVISOR_VERSION" "$VAULTVISOR_KIND" "$HOME" > ${folder}/told`,
    {},
    ['--sig={uri}.sig', '{checksum}', '[{version}]'],
  );
  expect((await readFile(join(folder, 'told'), 'utf8')).trimEnd().split('\n')).toEqual([
    '--sig=https://example.org/vault.sig',
    '0xabc',
    '[]',
    '/store/bytes',
    '/store/bytes',
    '0xabc',
    'https://example.org/vault',
    '',
    'release',
    '/home/of/keys',
  ]);
  await ask(`echo $# > ${folder}/told`, {}, ['{path}', 'x']);
  expect(await readFile(join(folder, 'told'), 'utf8')).toBe('2\n');
});

test.each([
  [
    'echo "gpg: BAD signature" >&2; exit 1',
    'refused the release 0xabc: it ended with status 1. Its last line: gpg: BAD signature',
  ],
  ['exit 3', 'ended with status 3. It said nothing.'],
  ['sleep 100', 'did not end within 0.3 s'],
])('no is told with its last line: %s', async (text, words) => {
  await expect(ask(text, { timeout: 300 })).rejects.toMatchObject({
    name: 'VisorError',
    code: 'protocol',
    message: expect.stringContaining(words),
  });
});

test('a tool that is not there lets nothing through', async () => {
  await expect(ask('', { command: [join(folder, 'nothing')] })).rejects.toThrow('refused the release');
});
