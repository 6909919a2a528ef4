import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGrammar } from '../src/cli/grammar.ts';
import { type RunningDaemon, runDaemon } from './support/cli/daemon.ts';
import { type Scratch, scratch } from './support/cli/home.ts';
import { namedCommands, shownCommands, shownOutputs } from './support/shown-commands.ts';

// Whoever types what a page shows must get what it says. Each command line of the pages is done here, on one daemon with two networks; those that cannot be
// are named below, with the reason.
const root = resolve(import.meta.dirname, '..');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => `docs/${name}`),
].filter((page) => page.endsWith('.md') && !page.startsWith('docs/reference/'));
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');

/** Not done here: what begins so, and why. */
const elsewhere: readonly (readonly [begins: string, why: string])[] = [
  ['vaultvisor run ', 'the daemon of this test is one'],
  ['vaultvisor runner', 'it needs a chain that names a release'],
  ['vaultvisor init', 'it reads the chain, and asks'],
  ['vaultvisor takeover', 'it stops a unit of the machine'],
  ['vaultvisor eject', 'it writes a unit of the machine'],
  ['vaultvisor wrap', 'it needs a chain that names a release'],
  ['vaultvisor agent', 'it waits for a daemon'],
  ['vaultvisor import', 'it asks the systemd or the Docker of the machine'],
  ['vaultvisor systemd --install', 'it writes to /etc/systemd'],
  ['vaultvisor doctor', 'what it says depends on the machine'],
  ['vaultvisor systemd --per-instance --install', 'it writes to /etc/systemd'],
  [
    'vaultvisor status --config /etc/vaultvisor/kintsugi-vault.json',
    'it asks the daemon of one client, which is another',
  ],
  ['vaultvisor status --watch', 'it goes on until it is interrupted'],
  ['vaultvisor logs', 'with -f it goes on until it is interrupted'],
  ['vaultvisor backups restore', 'it needs a backup: test/e2e/data.test.ts puts one back'],
  ['vaultvisor notify test', 'it needs receivers'],
  ['npm run build:binary', 'test/release/one-file.test.ts builds it'],
  ['sha256sum', 'test/release/one-file.test.ts does it'],
  ['npm run build', 'scripts/setup.mjs has done it'],
  ['npm pack', 'test/release/package.test.ts does it'],
  ['npm install --global', 'test/release/package.test.ts does it'],
  ['npm run demo', 'test/e2e/demo.test.ts does it'],
  ['npm run lab', 'its short forms are in test/lab'],
  ['npm run bench', 'it measures for minutes'],
  ['npm test', 'this is a part of it'],
  ['npm run', 'a script for developers'],
  ['npx', 'for developers'],
  ['docker', 'it needs a Docker daemon: npm run lab -- hosts'],
  ['kubectl', 'it needs a cluster'],
  ['git clone', 'it needs the place that you have it from'],
  ['cd ', 'it only goes there'],
  ['install ', 'it changes the machine'],
  ['systemctl', 'it changes the machine'],
  ['rm ', 'it changes the machine'],
];
const reasonOf = (line: string) => elsewhere.find(([begins]) => `${line} `.startsWith(begins));

/** Shown because of how they are refused. */
const refused: Readonly<Record<string, number>> = {
  'vaultvisor statsu': 64,
  'vaultvisor hold': 64,
  'vaultvisor stop': 64,
  'vaultvisor start': 64,
};

/** Samples of a scene that this daemon has not: what their lines print is held by other tests. */
const ofAnotherScene = ['status', 'history', 'logs', 'check', 'apply', 'args show', 'backups', 'pin'];
const isOfThisScene = (line: string) => !ofAnotherScene.some((begins) => line.startsWith(`vaultvisor ${begins}`));
const samples = shownOutputs(textOf('docs/commands.md'));

/** A sample and what was printed, without what another machine, day or build has otherwise. */
const alike = (text: string, folder: string) =>
  text
    .replaceAll(`${folder}/home`, '/var/lib/vaultvisor')
    .replaceAll(folder, '/etc/vaultvisor')
    .replace(/\b(0x)?[0-9a-f]{64}\b/g, 'HASH')
    .replace(/0x[0-9a-f]{8}…/g, 'HASH…')
    .replace(/pid \d+/g, 'pid N')
    .replace(/"pid":\d+/g, '"pid":N')
    .replace(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z)/g, 'TIME')
    .replace(/\(in [^)]+\)/g, '(in TIME)')
    .replace(/"node":"v[^"]*"/g, '"node":"V"')
    .replace(/\([\d ]+ bytes\)/g, '(N bytes)')
    // a slow machine says on stderr that it waits, at some second or not at all
    .replace(/^waiting for .*: \d+ s$\n?/gm, '')
    .trimEnd();

/** A sample that ends with a line of `…` goes no further. */
function asFarAs(sample: string, printed: string): string {
  const lines = sample.split('\n');
  return lines.at(-1) === '…' ? [...printed.split('\n').slice(0, lines.length - 1), '…'].join('\n') : printed;
}

const shown = pages.flatMap((page) => shownCommands(page, textOf(page)));
/** What stands for a client and a release of the reader's own. */
const filledIn = (line: string) =>
  line.replace('NETWORK/CLIENT', 'interlay/vault').replace(/\bSHA256$/, `0x${'ab'.repeat(32)}`);
const done = [...new Set(shown.map(({ line }) => filledIn(line)).filter((line) => reasonOf(line) === undefined))];

test.each(pages)('%s names no command that there is not', (page) => {
  const there = createGrammar().commands.flatMap((command) => [command.name(), ...command.aliases()]);
  const inBlocks = shownCommands(page, textOf(page)).flatMap(
    ({ line }) => /^vaultvisor ([a-z]+)/.exec(line)?.[1] ?? [],
  );
  const named = [...namedCommands(textOf(page)), ...inBlocks];
  expect(named.filter((name) => ![...there, 'help', 'statsu'].includes(name))).toEqual([]);
});

describe('every command line of the pages', () => {
  const client = '#!/bin/sh\ntrap "exit 0" INT\necho up\nwhile [ -e "$0" ]; do sleep 0.05; done\n';
  const quick = { health: { minHealthyTime: '100ms' }, stop: { grace: '5s' }, restart: { delay: '50ms' } };
  let here: Scratch;
  let daemon: RunningDaemon;
  let staged: string;

  beforeAll(async () => {
    here = await scratch();
    staged = await here.publish('staged', '1.3.0', `${client}# staged\n`);
    await here.publish('kintsugi', '1.0.0', client);
    await here.publish('interlay', '1.0.0', client);
    const release = (name: string) => ({
      source: 'manifest',
      url: `file://${here.folder}/${name}.json`,
      interval: '100ms',
    });
    const network = (name: string) => ({ clients: { vault: { ...quick, identity: name, release: release(name) } } });
    await here.configure({}, { networks: { kintsugi: network('kintsugi'), interlay: network('interlay') } });
    daemon = runDaemon(here);
    await daemon.says('vaultvisor runs');
    await until('1.0.0');
    // so that there is a way back
    await here.publish('interlay', '1.1.0', `${client}# 1.1.0\n`);
    await until('1.1.0');
  });

  afterAll(async () => {
    await daemon.end('SIGTERM');
    await here.remove();
  });

  /** Both clients are as they should be, and interlay runs this version. */
  async function until(version: string): Promise<void> {
    for (;;) {
      const { instances = [] } = JSON.parse((await here.run('status', '--json', '--config', here.file)).stdout || '{}');
      const isSo = (one: { ok: boolean; network: string; current: { version: string } | null }) =>
        one.ok && (one.network !== 'interlay' || one.current?.version === version);
      if (instances.length === 2 && instances.every(isSo)) return;
      await pause(50);
    }
  }

  test('there are some, and samples among them', () => {
    expect(done.length).toBeGreaterThan(25);
    expect(done.filter((line) => samples.has(line) && isOfThisScene(line)).length).toBeGreaterThan(12);
  });

  test.each(done)('%s', async (line) => {
    const [program, ...words] = line
      .replace('/etc/vaultvisor/args.json', here.file)
      .replace(/(stage) \S+ --checksum \S+/, `$1 ${here.folder}/staged-1.3.0 --checksum ${staged}`)
      .split(' ');
    expect(program).toBe('vaultvisor');
    const where = words.includes('--config') ? [] : ['--config', here.file];
    const { code: status, stdout, stderr } = await here.run(...words, ...where);
    const sample = samples.get(line);
    if (sample !== undefined && isOfThisScene(line))
      expect(asFarAs(sample, alike(stdout + stderr, here.folder))).toBe(alike(sample, here.folder));
    // what other lines have stopped or gone back from is not well, and that is what status is asked
    const code = words[0] === 'status' && status === 3 ? 0 : status;
    expect({ code, stderr: code === (refused[line] ?? 0) ? '' : stderr }).toEqual({
      code: refused[line] ?? 0,
      stderr: '',
    });
  });
});
