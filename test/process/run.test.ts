import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { takeLock } from '../../src/process/lock.ts';
import { lockPath } from '../../src/process/lock-names.ts';
import { bootId } from '../../src/process/machine.ts';
import { runChild } from '../../src/process/run.ts';
import { processAt } from '../../src/process/who/processes.ts';
import { startHolder } from '../support/process/orphan.ts';
import { identityIn, requestIn } from '../support/process/request.ts';
import { program, scratch, script, textOf, until } from '../support/process/scratch.ts';
import { startRun } from '../support/process/started.ts';

const never = new AbortController().signal;
const STEADY = 'trap "echo leaving; exit 0" INT; echo ready; while :; do echo tick; sleep 0.02; done';

test('a client runs until it is stopped: its lock is its own meanwhile and free when the run has ended', async () => {
  const folder = scratch();
  const request = requestIn(folder, { program: script(folder, 'client', STEADY), texts: ['ready', 'never said'] });
  const { child, stop } = await startRun(request);
  expect(await takeLock(request.locks[0]!)).toBeNull();
  await until(() => child.seen('ready'));
  expect(child.lastLines()[0]).toBe('ready');
  expect(processAt(child.pid)).toMatchObject({ group: child.pid, session: child.pid });
  const record = await until(() => JSON.parse(textOf(request.record) || '{}').child);
  expect(record).toEqual({
    pid: child.pid,
    start: processAt(child.pid)?.start,
    boot: bootId(),
    asked: null,
    logFrom: 0,
  });
  const exit = await stop();
  expect(exit).toMatchObject({ code: 0, signal: null, cause: 'exited with status 0', asked: true });
  expect(exit.lastLines.at(-1)).toBe('leaving');
  expect([...exit.seen]).toEqual(['ready']);
  const lock = await takeLock(request.locks[0]!);
  expect(lock).not.toBeNull();
  lock?.release();
});

test('every further lock is inherited too, and its own is its lowest descriptor above 2', async () => {
  const folder = scratch();
  const client = script(folder, 'client', 'ls -l /proc/$$/fd; while :; do sleep 0.05; done');
  const base = requestIn(folder, { program: client });
  const shared = lockPath(folder, 'wallet');
  const { child, stop } = await startRun({ ...base, locks: [...base.locks, shared] });
  const fds = await until(() => (child.lastLines().join('\n').includes(shared) ? child.lastLines().join('\n') : null));
  expect(fds).toMatch(new RegExp(`\\b3 -> ${base.locks[0]}`));
  expect(fds).toMatch(new RegExp(`\\b4 -> ${shared}`));
  expect(await takeLock(shared)).toBeNull();
  await stop();
});

test.each(['a program', 'a script'])('%s keeps its own name as the name of its process', async (kind) => {
  const folder = scratch();
  const body = 'while :; do sleep 0.05; done';
  const isScript = kind === 'a script';
  const path = isScript ? script(folder, 'vault-testnet', body) : program(folder, 'vault-testnet');
  const { child, stop } = await startRun(requestIn(folder, { program: path, args: isScript ? [] : ['-c', body] }));
  await until(() => processAt(child.pid)?.comm === 'vault-testnet');
  await stop();
});

test('the environment is cleaned, what the operator sets is set, and the mark is put on', async () => {
  const folder = scratch();
  const stripped = [
    'NOTIFY_SOCKET',
    'WATCHDOG_PID',
    'WATCHDOG_USEC',
    'LISTEN_FDS',
    'NODE_OPTIONS',
    'LD_LIBRARY_PATH',
    'VAULTVISOR_CONFIG',
  ];
  for (const name of stripped) vi.stubEnv(name, name === 'NODE_OPTIONS' ? '' : 'meant-for-us');
  vi.stubEnv('INHERITED', 'yes');
  const env = { RUST_LOG: 'debug', LD_PRELOAD: '', VAULTVISOR_CHILD: 'forged' };
  const request = requestIn(folder, { program: script(folder, 'client', 'env; pwd'), env });
  await runChild(request, never);
  vi.unstubAllEnvs();
  const lines = textOf(request.logFile).split('\n');
  expect(lines).toContain('RUST_LOG=debug');
  expect(lines).toContain('LD_PRELOAD=');
  expect(lines).toContain('INHERITED=yes');
  expect(lines).toContain(`VAULTVISOR_CHILD=${identityIn(folder)}`);
  expect(lines).toContain(request.cwd);
  for (const name of stripped) expect(lines.some((line) => line.startsWith(`${name}=`))).toBe(false);
});

test.each([
  ['exit 3', { code: 3, signal: null, cause: 'exited with status 3' }],
  ['exec no-such-command', { code: 127, signal: null, cause: 'exited with status 127 (its command was not found)' }],
  ['kill -SEGV $$', { code: null, signal: 'SIGSEGV', cause: 'killed by SIGSEGV' }],
  [
    'kill -KILL $$',
    {
      code: null,
      signal: 'SIGKILL',
      cause: expect.stringMatching(/^killed by SIGKILL \((perhaps out of memory|by somebody.*)\)$/),
    },
  ],
])('why a client is gone is told: %s', async (body, exit) => {
  const folder = scratch();
  const ended = await runChild(
    requestIn(folder, { program: script(folder, 'client', `echo 'last words'; ${body}`) }),
    never,
  );
  expect(ended).toMatchObject({ ...exit, asked: false });
  expect(ended.lastLines[0]).toBe('last words');
});

const tooMuch = Array.from({ length: 40 }, () => 'x'.repeat(100_000));
test.each([
  ['is missing', (folder: string) => ({ program: join(folder, 'none') }), 'ENOENT'],
  ['has no interpreter', (folder: string) => bad(folder, '#!/no/such/interpreter\n', 0o755), 'ENOENT'],
  ['may not be executed', (folder: string) => bad(folder, '#!/bin/sh\n', 0o644), 'EACCES'],
  ['gets too many arguments', (folder: string) => ({ program: script(folder, 'client', ''), args: tooMuch }), 'E2BIG'],
  [
    'has no working directory',
    (folder: string) => ({ program: script(folder, 'client', ''), cwd: join(folder, 'unmounted') }),
    'working directory',
  ],
  [
    'gets an argument that cannot be one',
    (folder: string) => ({ program: script(folder, 'client', ''), args: ['a\0b'] }),
    'null bytes',
  ],
])('a client that %s is an exit with a cause, and its lock is free', async (_, own, words) => {
  const folder = scratch();
  const request = requestIn(folder, own(folder));
  const exit = await runChild(request, never);
  expect(exit).toMatchObject({ code: null, signal: null, asked: false, uptime: 0 });
  expect(exit.cause).toContain('could not be started');
  expect(exit.cause).toContain(words);
  const lock = await takeLock(request.locks[0]!);
  expect(lock).not.toBeNull();
  lock?.release();
});

function bad(folder: string, text: string, mode: number): { program: string } {
  const path = join(folder, 'client');
  writeFileSync(path, text, { mode });
  return { program: path };
}

test('a program that somebody still writes to is not run', async () => {
  const folder = scratch();
  const vault = program(folder, 'vault');
  const writer = openSync(vault, 'r+');
  const exit = await runChild(requestIn(folder, { program: vault }), never);
  closeSync(writer);
  expect(exit.cause).toContain('ETXTBSY');
});

test('a wrapper that closes its descriptors is ended and refused: nothing would keep a second one out', async () => {
  const folder = scratch();
  const pids = join(folder, 'pids');
  const wrapper = script(folder, 'sudo', `exec 3<&-; echo $$ >"${pids}"; while :; do sleep 0.05; done`);
  const run = runChild(requestIn(folder, { program: wrapper }), never);
  await expect(run).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining('closed the descriptor'),
  });
  expect(processAt(Number(readFileSync(pids, 'utf8')))).toBeNull();
});

test('what is asked right before the spawn can still refuse it', async () => {
  const folder = scratch();
  const started = join(folder, 'started');
  const beforeSpawn = async () => {
    expect(await takeLock(request.locks[0]!)).toBeNull();
    throw new Error('the bytes have changed');
  };
  const request = requestIn(folder, { program: script(folder, 'client', `touch "${started}"`), beforeSpawn });
  await expect(runChild(request, never)).rejects.toThrow('the bytes have changed');
  expect(existsSync(started)).toBe(false);
  (await takeLock(request.locks[0]!))!.release();
});

test('the working directory is made below the home only', async () => {
  const folder = scratch();
  const base = requestIn(folder, { program: script(folder, 'client', 'pwd') });
  const cwd = join(base.home, 'instances', 'deep', 'data');
  expect((await runChild({ ...base, cwd }, never)).lastLines).toEqual([cwd]);
  expect((await runChild({ ...base, cwd: join(folder, 'mnt') }, never)).cause).toContain('working directory');
  expect(existsSync(join(folder, 'mnt'))).toBe(false);
});

test('a run that is stopped before its way is clear starts nothing', async () => {
  const folder = scratch();
  const said: (string | null)[] = [];
  const started = join(folder, 'started');
  const request = requestIn(folder, {
    program: script(folder, 'client', `touch "${started}"`),
    blocked: (words) => void said.push(words),
  });
  await startHolder(request.locks[0]!, '/bin/sh', ['-c', 'while :; do sleep 0.05; done']);
  const controller = new AbortController();
  const run = runChild(request, controller.signal);
  await until(() => said.length > 0);
  controller.abort();
  expect(await run).toMatchObject({ asked: true, cause: 'was stopped before it was started' });
  expect(existsSync(started)).toBe(false);
});

test('a listener that fails does not leave the client without a supervisor', async () => {
  const folder = scratch();
  let pid = 0;
  const request = requestIn(folder, { program: script(folder, 'client', STEADY) });
  const failing = runChild(
    {
      ...request,
      started: (child) => {
        pid = child.pid;
        throw new Error('a mistake of ours');
      },
    },
    never,
  );
  await expect(failing).rejects.toThrow('a mistake of ours');
  expect(processAt(pid)).toBeNull();
});

test('a log that cannot be written is no reason to be without a client', async () => {
  const folder = scratch();
  writeFileSync(join(folder, 'file'), '');
  const request = requestIn(folder, {
    program: script(folder, 'client', 'echo unheard; exit 5'),
    logFile: join(folder, 'file', 'client.log'),
  });
  expect(await runChild(request, never)).toMatchObject({ code: 5, lastLines: [] });
});
