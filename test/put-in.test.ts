import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { learn, putIn } from '../src/put-in.ts';

const TOKEN = 'VAULTVISOR_TEST_PUT_IN';
let folder = '';
let secrets = new Set<string>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaultvisor-put-in-'));
  secrets = new Set();
  return () => rm(folder, { recursive: true, force: true });
});

async function secretFile(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content);
  return `{secret:file:${join(folder, name)}}`;
}

/** What is rejected without anybody who hears of it. */
function unheard(): readonly unknown[] {
  const heard: unknown[] = [];
  const hear = (reason: unknown) => void heard.push(reason);
  process.on('unhandledRejection', hear);
  onTestFinished(() => void process.off('unhandledRejection', hear));
  return heard;
}

const put = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => putIn({ args, env }, { secrets });

test('a start has its secrets in it, and everything else as it was', async () => {
  process.env[TOKEN] = 'hunter-3';
  onTestFinished(() => void delete process.env[TOKEN]);
  const one = await secretFile('one', 'hunter-2\r\n');
  const start = await put(['--a={b}', `--pw=${one}`], { URL: `ws://me:${one}@h/{secret:env:${TOKEN}}`, PLAIN: '$' });
  expect(start).toEqual({
    args: ['--a={b}', '--pw=hunter-2'],
    env: { URL: 'ws://me:hunter-2@h/hunter-3', PLAIN: '$' },
  });
  expect([...secrets].sort()).toEqual(['hunter-2', 'hunter-3']);
});

test('of several that are missing one is told, and none is left for nobody to hear', async () => {
  const heard = unheard();
  const [gone, unset] = [`{secret:file:${join(folder, 'gone')}}`, `{secret:env:${TOKEN}}`];
  const there = await secretFile('there', 'hunter-2');
  for (const [args, env] of [
    [[there], { A: unset }],
    [[gone], { A: gone, B: unset }],
    [[`${gone}${unset}`], {}],
  ] as const)
    await expect(put(args, env)).rejects.toMatchObject({ code: 'config' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(heard).toEqual([]);
});

test('what can be read is learnt although others are gone, and when that is said it is all known', async () => {
  const there = await secretFile('there', 'hunter-2');
  const gone = `{secret:file:${join(folder, 'gone')}}`;
  await learn(
    { args: [gone, `${there}:${gone}`], env: { A: gone, B: await secretFile('other', 'hunter-4') } },
    { secrets },
  );
  expect([...secrets].sort()).toEqual(['hunter-2', 'hunter-4']);
});

describe('what no client can be given is refused at once, and never repeated', () => {
  test.each([
    ['a pipe that nobody writes to', () => void execFileSync('mkfifo', [join(folder, 'it')]), 'is no regular file'],
    ['a folder', () => void execFileSync('mkdir', [join(folder, 'it')]), 'is no regular file'],
    [
      'a device without an end',
      () => void execFileSync('ln', ['-s', '/dev/zero', join(folder, 'it')]),
      'is no regular file',
    ],
    ['text in UTF-16', () => secretFile('it', Buffer.from('hunter-2', 'utf16le')), 'has a NUL byte'],
    ['more than an argument may have', () => secretFile('it', 'hunter-2'.repeat(20_000)), 'is longer than'],
  ])('%s', async (_, make, why) => {
    await make();
    const refused = await put([`{secret:file:${join(folder, 'it')}}`]).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'config', message: expect.stringContaining(why) });
    expect(String(refused)).not.toMatch(/h.{0,4}u.{0,4}n.{0,4}t/);
  });
});
