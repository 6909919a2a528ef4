import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { lineTime } from '../../src/daemon/logs/line-time.ts';
import { lastRun, piecesOf, runsOf } from '../../src/daemon/logs/runs.ts';
import { homeAt } from '../../src/layout.ts';
import { environment, type Scratch, scratch } from '../support/cli/home.ts';

const main = resolve(import.meta.dirname, '../../dist/cli/main.js');
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const start = Date.parse('2026-11-20T12:00:00.000Z');
const at = (minutes: number) => new Date(start + minutes * 60_000).toISOString();
const began = (minutes: number, pid: number, logFrom: number, event = 'started') =>
  ({
    at: at(minutes),
    network: 'testnet',
    client: 'vault',
    event,
    checksum: `0x${'a'.repeat(64)}`,
    version: `1.${pid}.0`,
    pid,
    logFrom,
  }) as const;
const ended = (minutes: number, reason: string) =>
  ({ at: at(minutes), network: 'testnet', client: 'vault', event: 'exited', reason, uptime: 1, final: false }) as const;

async function fresh(...clients: readonly string[]) {
  const here = await scratch();
  ends.push(here.remove);
  await here.configure(Object.fromEntries(clients.map((client) => [client, {}])));
  const folder = homeAt(here.home).instance('testnet', 'vault');
  await mkdir(dirname(folder.log), { recursive: true });
  return { here, folder };
}

const run = (here: Scratch, line: string) => here.run(...line.split(' '), '--config', here.file);
const history = (path: string, lines: readonly object[]) =>
  appendFile(path, lines.map((line) => `${JSON.stringify({ schema: 1, ...line })}\n`).join(''));

/** Three runs: the first in a file that was turned over while the second ran, the third in the present one. */
async function threeRuns() {
  const { here, folder } = await fresh('vault');
  const first = `${at(0)} one a\n${at(1)} one b\n`;
  const second = `${at(10)} two a\n`;
  await writeFile(`${folder.log}.1`, first + second);
  await utimes(`${folder.log}.1`, new Date(start), new Date(at(11)));
  await writeFile(folder.log, `${at(12)} two b\n${at(20)} three a\nwithout a time\n${at(30)} three b\n`);
  await history(folder.history, [
    began(0, 1, 0),
    ended(2, 'killed by SIGSEGV'),
    began(10, 2, first.length, 'restarted'),
    ended(13, 'exited with status 1'),
    began(20, 3, `${at(12)} two b\n`.length),
  ]);
  return { here, folder };
}

const bare = (stdout: string) => stdout.split('\n').map((line) => line.replace(/^\S+Z (?=one|two|three)/, ''));

test('where nothing has run yet that is said, and where there is no backup', async () => {
  const { here } = await fresh('vault');
  await rm(here.home, { recursive: true });
  expect(await run(here, 'logs')).toEqual({ code: 0, stdout: '', stderr: 'No client has run here yet.\n' });
  expect(await run(here, 'backups verify')).toEqual({ code: 0, stdout: '', stderr: 'There is no backup here.\n' });
});

test('the last run, without a word of those before; -n only its newest lines', async () => {
  const { here } = await threeRuns();
  const all = await run(here, 'logs testnet/vault');
  expect(all).toMatchObject({ code: 0, stderr: '' });
  expect(bare(all.stdout)).toEqual([
    '── testnet/vault 1.3.0 (0xaaaaaaaa…), pid 3, since 2026-11-20 12:20:00 UTC',
    'three a',
    'without a time',
    'three b',
    '',
  ]);
  expect(bare((await run(here, 'logs -n 1')).stdout).slice(1)).toEqual(['three b', '']);
});

test('--past: each run below what ran, since when, and how it ended, over files that were turned over', async () => {
  const { here } = await threeRuns();
  expect(bare((await run(here, 'logs --past')).stdout)).toEqual([
    '── testnet/vault 1.1.0 (0xaaaaaaaa…), pid 1, since 2026-11-20 12:00:00 UTC until 2026-11-20 12:02:00 UTC: killed by SIGSEGV',
    'one a',
    'one b',
    '── testnet/vault 1.2.0 (0xaaaaaaaa…), pid 2, since 2026-11-20 12:10:00 UTC until 2026-11-20 12:13:00 UTC: exited with status 1',
    'two a',
    'two b',
    '── testnet/vault 1.3.0 (0xaaaaaaaa…), pid 3, since 2026-11-20 12:20:00 UTC',
    'three a',
    'without a time',
    'three b',
    '',
  ]);
});

test('--since: from the first line on that says such a time; what tells no time goes with the line before it', async () => {
  const { here } = await threeRuns();
  const since = async (when: string) =>
    bare((await run(here, `logs --since ${when}`)).stdout).filter((line) => !line.startsWith('──'));
  expect(await since(at(11))).toEqual(['two b', 'three a', 'without a time', 'three b', '']);
  expect(await since(at(25))).toEqual(['three b', '']);
  expect(await since('1m')).toEqual(['']);
  expect(await run(here, 'logs --since yesterday')).toMatchObject({ code: 64, stdout: '' });
});

test('of a run whose lines tell no time, --since shows all', async () => {
  const { here, folder } = await fresh('vault');
  await writeFile(folder.log, 'first\nsecond\n');
  await history(folder.history, [began(0, 1, 0)]);
  expect((await run(here, 'logs --since 1m')).stdout).toMatch(/^── .*\nfirst\nsecond\n$/);
});

test('what a client wrote to paint a terminal is taken out or shown; in JSON too', async () => {
  const { here, folder } = await fresh('vault');
  await writeFile(folder.log, '\u001b[32mgreen\u001b[0m \u001b]0;title\u0007 \u009b2J \u202eback\r\n');
  const { stdout } = await run(here, 'logs');
  expect(stdout).toBe('── testnet/vault an earlier run\ngreen   \\u{202e}back\n');
  const line = JSON.parse((await run(here, 'logs --json')).stdout);
  expect(line).toEqual({
    network: 'testnet',
    client: 'vault',
    pid: null,
    release: null,
    line: 'green   \\u{202e}back',
  });
});

test('nothing written, no such client', async () => {
  const { here } = await fresh('vault');
  expect(await run(here, 'logs')).toEqual({ code: 0, stdout: '', stderr: 'testnet/vault has written nothing yet.\n' });
  expect(await run(here, 'logs vualt')).toMatchObject({ code: 64 });
});

test('-f goes on over a turning over and a restart, and loses no line', async () => {
  const { here, folder } = await fresh('vault');
  await writeFile(folder.log, 'one\n');
  await history(folder.history, [began(0, 1, 0)]);
  const following = spawn(process.execPath, [main, 'logs', '-f', '--config', here.file], {
    env: environment(here.folder),
  });
  ends.push(async () => {
    following.kill('SIGKILL');
    await once(following, 'exit');
  });
  let text = '';
  following.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const until = async (wanted: string) => {
    while (!text.includes(wanted)) await pause(20);
  };
  await until('one\n');
  await appendFile(folder.log, 'two\nthree\n');
  await until('three\n');
  // as process/output/turn-over.ts does it: a copy, then the cut; "four" is in the copy only
  await appendFile(folder.log, 'four\n');
  await writeFile(`${folder.log}.1`, 'one\ntwo\nthree\nfour\n');
  await truncate(folder.log, 0);
  await appendFile(folder.log, 'five\n');
  await until('five\n');
  await history(folder.history, [ended(1, 'exited with status 0'), began(2, 2, 'five\n'.length, 'restarted')]);
  await appendFile(folder.log, 'six\n');
  await until('six\n');
  expect(text.split('\n')).toEqual([
    expect.stringMatching(/^── testnet\/vault 1\.1\.0 .*, pid 1, /),
    'one',
    'two',
    'three',
    'four',
    'five',
    expect.stringMatching(/^── testnet\/vault 1\.2\.0 .*, pid 2, /),
    'six',
    '',
  ]);
});

test('a run is found in the file that was written when it began; one whose file is gone has no place', () => {
  const files = [
    { path: 'log.2', size: 100, turnedAt: start + 100 },
    { path: 'log.1', size: 100, turnedAt: start + 200 },
    { path: 'log', size: 50, turnedAt: null },
  ];
  const begins = (after: number, pid: number, logFrom: number) => ({
    ...began(0, pid, logFrom),
    at: new Date(start + after).toISOString(),
  });
  const runs = runsOf([begins(50, 1, 60), begins(150, 2, 10), begins(160, 3, 500), begins(250, 4, 50)]);
  const pieces = piecesOf(files, runs);
  expect(pieces.map(({ path, from, to, run }) => [path, from, to, run?.pid ?? null])).toEqual([
    ['log.2', 0, 60, null],
    ['log.2', 60, 100, 1],
    ['log.1', 0, 10, 1],
    ['log.1', 10, 100, 2],
    ['log', 0, 50, 2],
    ['log', 50, 50, 4],
  ]);
  expect(lastRun(pieces)).toEqual([expect.objectContaining({ path: 'log', from: 50, to: 50 })]);
});

test.each([
  ['2026-11-21T21:00:13.123456Z  INFO vault: x', '2026-11-21T21:00:13.123Z'],
  ['[2026-11-21 21:00:13 UTC INFO] x', '2026-11-21T21:00:13.000Z'],
  ['{"level":"info","timestamp":"2026-11-21T22:00:13+01:00"}', '2026-11-21T21:00:13.000Z'],
  ['2026-11-21T21:00:13,5Z x', '2026-11-21T21:00:13.500Z'],
  ['thread main panicked', null],
  [`${'.'.repeat(90)}2026-11-21T21:00:13Z`, null],
  ['2026-99-99T99:99:99Z x', null],
])('the time of %j', (line, time) => {
  const found = lineTime(line);
  expect(found === null ? null : new Date(found).toISOString()).toBe(time);
});
