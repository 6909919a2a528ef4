import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Material } from '../../src/install/material.ts';
import { type MigrationLimits, migrateArguments, type Step } from '../../src/install/migrate-arguments.ts';
import { sandbox } from '../../src/install/sandbox.ts';
import { checksum } from '../support/deployments.ts';
import { never } from '../support/install-room.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaultvisor-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const before: Material = {
  args: ['--keyfile', '/etc/key.json', '--old-flag', '3'],
  env: { RPC_PASSWORD: 'correct horse' },
  files: { 'vault.toml': 'limit = 3\npin = 987654\n' },
};

let scripts = 0;

async function step(text: string, interpreter = '/bin/sh'): Promise<Step> {
  scripts += 1;
  const program = join(folder, `migration-${scripts}`);
  await writeFile(program, `#!${interpreter}\n${text}\n`, { mode: 0o755 });
  const named = (version: string) => ({ version, checksum: checksum(version) });
  return { checksum: checksum(text), program, from: named('1.0.0'), to: named('2.0.0') };
}

/** A migration in JavaScript; `m` is what it reads, and writes. */
const inJs = (change: string) =>
  step(
    `let s = ''; process.stdin.on('data', (c) => { s += c; }).on('end', () => { const m = JSON.parse(s); ${change}; process.stdout.write(JSON.stringify(m)); });`,
    process.execPath,
  );

const migrate = (steps: readonly Step[], limits: MigrationLimits = {}, material = before) =>
  migrateArguments(material, steps, limits, never);

/** Nothing of a migration is left: neither its folder nor a process that has our mark in its words. */
async function leftOf(mark: string): Promise<readonly string[]> {
  const words = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map(async (pid) => (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ')),
  );
  return words.filter((line) => line.includes(mark));
}

test('migrations run in their order, each on what the one before it made, and are told from where to where', async () => {
  const after = await migrate([
    await inJs(`m.args = m.args.map((a) => a === '--old-flag' ? '--new-flag' : a); m.env.FROM = m.from.version`),
    await inJs(`m.args.push(m.to.version); m.files['more.toml'] = m.files['vault.toml'] + 'limit = 4\\n'`),
  ]);
  expect(after).toEqual({
    args: ['--keyfile', '/etc/key.json', '--new-flag', '3', '2.0.0'],
    env: { RPC_PASSWORD: 'correct horse', FROM: '1.0.0' },
    files: { 'vault.toml': 'limit = 3\npin = 987654\n', 'more.toml': 'limit = 3\npin = 987654\nlimit = 4\n' },
  });
  expect(before.args).toContain('--old-flag');
});

test('it gets an empty folder that goes away, nothing of our environment, and, where the machine can, no network', async () => {
  process.env['SECRET_OF_THE_DAEMON'] = 'hunter2';
  const after = await migrate([
    await inJs(
      `const os = require('os'), fs = require('fs'); m.env = { env: JSON.stringify(process.env), files: fs.readdirSync('.').join(), cwd: process.cwd(), net: Object.keys(os.networkInterfaces()).join() }`,
    ),
  ]);
  delete process.env['SECRET_OF_THE_DAEMON'];
  const { env = '', files, cwd = '', net } = after.env;
  const ofShells = ['PWD', 'OLDPWD', 'SHLVL', '_'];
  const names = Object.keys(JSON.parse(env)).filter((name) => !ofShells.includes(name));
  expect(names.sort()).toEqual(['HOME', 'LANG', 'PATH', 'TMPDIR']);
  expect(files).toBe('');
  expect(existsSync(cwd)).toBe(false);
  const { words, lacks } = await sandbox();
  if (lacks !== null) console.warn(`this machine cannot keep from a migration: ${lacks}`);
  // of a machine without a network of its own nothing is shown
  if (words.includes('--net') && Object.keys(networkInterfaces()).length > 0) expect(net).toBe('');
});

test.each([
  ['prints nothing', 'cat > /dev/null', 'wrote nothing'],
  ['does not even read', 'exit 0', 'wrote nothing'],
  ['prints garbage', 'echo "args: new"', 'wrote something else than {"args"'],
  ['prints no text', "printf '\\377\\376'", 'wrote something else'],
  ['forgets the files', 'echo \'{"args": [], "env": {}}\'', 'wrote something else'],
  ['names a file that climbs', 'echo \'{"args": [], "env": {}, "files": {"../x": ""}}\'', 'wrote something else'],
  ['hides a NUL', 'echo \'{"args": ["a\\u0000b"], "env": {}, "files": {}}\'', 'wrote something else'],
  [
    'ends with a status',
    'echo "unknown flag --old-flag" >&2; exit 3',
    'ended with status 3. Its last line: unknown flag',
  ],
  ['is killed', 'kill -KILL $$', /was ended by SIGKILL|ended with status 137/],
  ['writes a gigabyte', 'head -c 1000000000 /dev/zero', 'wrote more than 1048576 bytes'],
  ['fills the disk', 'head -c 1000000000 /dev/zero > file; exit 4', 'ended with status 4'],
])('one that %s is refused with words', async (_, text, words) => {
  await expect(migrate([await step(text)])).rejects.toMatchObject({
    name: 'VisorError',
    code: 'protocol',
    message: expect.stringMatching(words),
    next: expect.stringContaining('migrated'),
  });
});

test('one that never ends, and what it forked into a session of its own, is ended', async () => {
  const mark = `vv-mark-${process.pid}-${Date.now()}`;
  const text = `setsid sh -c 'while :; do sleep 1; done # ${mark}' & trap '' TERM INT; while :; do sleep 1; done # ${mark}`;
  await expect(migrate([await step(text)], { deadline: 700 })).rejects.toThrow('did not end within 0.7 s');
  const { words } = await sandbox();
  if (words.includes('--pid')) while ((await leftOf(mark)).length > 0) await sleep(20);
  else console.warn('without pid namespaces what leaves the group is not ended');
});

test('one that ends well and leaves something behind that holds its output: the result counts, and what is left is ended', async () => {
  const mark = `vv-mark-${process.pid}-${Date.now()}`;
  const text = `setsid sh -c 'sleep 1000; : ${mark}' & cat`;
  expect((await migrate([await step(text)])).args).toEqual(before.args);
  if ((await sandbox()).words.includes('--pid')) while ((await leftOf(mark)).length > 0) await sleep(20);
});

test('whoever no longer wants it ends it at once', async () => {
  const asked = new AbortController();
  const running = migrateArguments(before, [await step('sleep 1000')], { deadline: 600_000 }, asked.signal);
  asked.abort(new Error('no longer wanted'));
  await expect(running).rejects.toThrow('no longer wanted');
});

test('what it says is told without the secrets that it was given', async () => {
  const told = async (line: string) => {
    const failure = await migrate([await step(`echo "${line}" >&2; exit 1`)]).catch((error: Error) => error);
    return failure instanceof Error ? failure.message : '';
  };
  expect(await told('bad password correct horse')).toMatch(/bad password \[hidden\]$/);
  expect(await told('KeyError in pin = 987654')).toMatch(/KeyError in pin = \[hidden\]$/);
  expect(await told('no such file: /etc/key.json')).not.toContain('/etc/key.json');
  expect(await told(`correct horse ${'x'.repeat(5_000)}`)).toMatch(/too long to be told/);
});
