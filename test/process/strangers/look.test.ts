import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lookForStrangers, type Scope } from '../../../src/process/strangers/look.ts';
import type { Traces } from '../../../src/process/strangers/traces.ts';
import { argumentsOf } from '../../../src/process/who/process-details.ts';
import { processAt } from '../../../src/process/who/processes.ts';
import { program, scratch, script, until } from '../../support/process/scratch.ts';
import { kill } from '../../support/process/started.ts';

// it starts nothing that would have its command line for a moment
const FOREVER = ['-c', 'while :; do kill -STOP $$; done', 'vault'];
const all = { since: null, units: false };

/** Started by another than we are, as a client is that a person starts: what we start ourselves is none. */
async function startAlone(file: string, args: readonly string[], { cwd = '/', env = {} } = {}): Promise<number> {
  const start = '"$0" "$@" >/dev/null 2>&1 & echo $!';
  const child: ChildProcess = spawn('/bin/sh', ['-c', start, file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  const pid = Number(await new Promise((resolve) => child.stdout?.once('data', resolve)));
  onTestFinished(() => kill(pid));
  await new Promise((resolve) => child.once('exit', resolve));
  // until then it is a copy of the shell
  await until(async () => {
    const words = await argumentsOf(pid);
    return words.length > args.length && !words.includes(start);
  });
  return pid;
}

function tracesIn(folder: string, own: Partial<Traces> = {}): Traces {
  const keyFile = join(folder, 'key.json');
  writeFileSync(keyFile, `{"seed": "${folder}"}`);
  return { keyFiles: [keyFile], keyName: null, isAccount: null, texts: [], pidFiles: [], except: [], ...own };
}

async function pidsFor(traces: Traces, scope: Scope = all): Promise<readonly (number | null)[]> {
  const { strangers } = await lookForStrangers(traces, scope, 'ours');
  return strangers.map(({ pid }) => pid);
}

test('a client with the key file is found under every name of the file and every copy, and another key is not', async () => {
  const folder = scratch();
  const vault = program(folder, 'vault');
  const traces = tracesIn(folder);
  mkdirSync(join(folder, 'elsewhere'));
  copyFileSync(join(folder, 'key.json'), join(folder, 'elsewhere', 'copy'));
  symlinkSync(join(folder, 'key.json'), join(folder, 'link.json'));
  writeFileSync(join(folder, 'other.json'), `{"seed": "${folder.split('').reverse().join('')}"}`);
  const found = [
    await startAlone(vault, [...FOREVER, '--keyfile', join(folder, 'key.json')]),
    await startAlone(vault, [...FOREVER, `--keyfile=${join(folder, 'link.json')}`]),
    await startAlone(vault, [...FOREVER, '--keyfile', join(folder, 'elsewhere', 'copy')]),
    await startAlone(vault, [...FOREVER, '--keyfile', 'copy'], { cwd: join(folder, 'elsewhere') }),
    await startAlone(vault, [...FOREVER, 'link.json'], { cwd: folder }),
  ];
  await startAlone(vault, [...FOREVER, '--keyfile', join(folder, 'other.json')]);
  await startAlone(vault, [...FOREVER, '--keyfile', 'copy'], { cwd: folder });
  expect([...(await pidsFor(traces))].sort()).toEqual(found.sort());
});

test('what a vaultvisor started is no stranger, and neither are our own children and who reads or edits the key', async () => {
  const folder = scratch();
  const traces = tracesIn(folder);
  const args = [...FOREVER, '--keyfile', join(folder, 'key.json')];
  const vault = program(folder, 'vault');
  await startAlone(vault, args, { env: { VAULTVISOR_CHILD: 'of another client' } });
  await startAlone(vault, args, { env: { VAULTVISOR_HELPER: 'of another client' } });
  const own = spawn(vault, args, { stdio: 'ignore' });
  onTestFinished(() => void own.kill('SIGKILL'));
  await startAlone('/bin/sh', ['-c', `while :; do grep -q x '${join(folder, 'key.json')}'; done`]);
  await startAlone(program(folder, 'vim'), args);
  await startAlone('tail', ['-f', join(folder, 'key.json')]);
  expect(await pidsFor(traces)).toEqual([]);
  const stranger = await startAlone(vault, args);
  expect(await pidsFor(traces)).toEqual([stranger]);
  expect(await pidsFor({ ...traces, except: ['--keyfile'] })).toEqual([]);
});

test('a child of another vaultvisor that does not share our locks is one', async () => {
  const folder = scratch();
  const traces = tracesIn(folder);
  const args = [...FOREVER, '--keyfile', join(folder, 'key.json')];
  const pid = await startAlone(program(folder, 'vault'), args, { env: { VAULTVISOR_CHILD: 'ours' } });
  expect(await pidsFor(traces)).toEqual([pid]);
});

test('a shell that starts it again and again is found between two of its clients', async () => {
  const folder = scratch();
  const traces = tracesIn(folder);
  const key = join(folder, 'key.json');
  const inText = await startAlone('/bin/sh', ['-c', `while :; do /none --keyfile ${key}; sleep 0.1; done 2>/dev/null`]);
  const inScript = await startAlone(
    script(folder, 'run.sh', `while :; do /none --keyfile ${key}; sleep 0.1; done`),
    [],
  );
  expect([...(await pidsFor(traces))].sort()).toEqual([inText, inScript].sort());
});

test('the key name, the account and a text are found without any file', async () => {
  const folder = scratch();
  const none = { ...tracesIn(folder), keyFiles: [] };
  const vault = program(folder, 'vault');
  const named = await startAlone(vault, [...FOREVER, '--keyname', folder]);
  const signing = await startAlone(vault, [...FOREVER, `--id=account of ${folder}`]);
  const told = await startAlone(vault, [...FOREVER, `--node=text of ${folder}`]);
  expect(await pidsFor({ ...none, keyName: folder })).toEqual([named]);
  expect(await pidsFor({ ...none, isAccount: (text) => text === `account of ${folder}` })).toEqual([signing]);
  expect(await pidsFor({ ...none, texts: [`text of ${folder}`] })).toEqual([told]);
  expect(await pidsFor(none)).toEqual([]);
});

test('a pid file names who wrote it, and not who was given its pid since', async () => {
  const folder = scratch();
  const pidFile = join(folder, 'vault.pid');
  const traces = { ...tracesIn(folder), keyFiles: [], pidFiles: [pidFile, join(folder, 'none.pid')] };
  const pid = await startAlone(program(folder, 'vault'), FOREVER);
  writeFileSync(pidFile, `${pid}\n`);
  const { strangers } = await lookForStrangers(traces, all, 'ours');
  expect(strangers).toEqual([
    { pid, unit: null, words: `pid ${pid} (vault, named in ${pidFile})`, end: expect.stringContaining(String(pid)) },
  ]);
  utimesSync(pidFile, 1_000_000_000, 1_000_000_000);
  expect(await pidsFor(traces)).toEqual([]);
  writeFileSync(pidFile, 'not a pid');
  expect(await pidsFor(traces)).toEqual([]);
  writeFileSync(pidFile, String(2 ** 22 + 1));
  expect(await pidsFor(traces)).toEqual([]);
});

test('the pid file of the account is found without being named', async () => {
  const folder = scratch();
  const account = folder.replaceAll(/\W/g, '');
  const traces = { ...tracesIn(folder), keyFiles: [], isAccount: (text: string) => text === account };
  const pid = await startAlone(program(folder, 'vault'), FOREVER);
  const pidFile = `/tmp/testnet-parachain_${account}.pid`;
  writeFileSync(pidFile, String(pid));
  onTestFinished(() => rmSync(pidFile, { force: true }));
  expect(await pidsFor(traces)).toEqual([pid]);
});

test('who was there before our last child was looked at then', async () => {
  const folder = scratch();
  const traces = tracesIn(folder);
  const pid = await startAlone(program(folder, 'vault'), [...FOREVER, join(folder, 'key.json')]);
  const { start } = processAt(pid)!;
  expect(await pidsFor(traces, { since: start + 1, units: false })).toEqual([]);
  expect(await pidsFor(traces, { since: start, units: false })).toEqual([pid]);
});

test('a key file that cannot be read is compared by its path alone', async () => {
  const folder = scratch();
  const traces = { ...tracesIn(folder), keyFiles: [join(folder, 'none.json')] };
  const pid = await startAlone(program(folder, 'vault'), [...FOREVER, '--keyfile', join(folder, 'none.json')]);
  await startAlone(program(folder, 'vault2'), [...FOREVER, '--keyfile', join(folder, 'key.json')]);
  expect(await pidsFor(traces)).toEqual([pid]);
});
