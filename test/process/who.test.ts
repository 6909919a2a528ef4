import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { takeLock } from '../../src/process/lock.ts';
import { bootId, machineTime, requireLinux } from '../../src/process/machine.ts';
import { fileAt } from '../../src/process/who/file-id.ts';
import { hasOpen, holdersOf } from '../../src/process/who/holders.ts';
import { parseMarks } from '../../src/process/who/marks.ts';
import { executesOneOf, marksOf, wordsFor } from '../../src/process/who/process-details.ts';
import { find, parseStat, processAt, processes, startedAt } from '../../src/process/who/processes.ts';
import { sendTo, sendToGroupOf } from '../../src/process/who/signal.ts';
import { hasExited, startHolder } from '../support/process/orphan.ts';
import { program, scratch, script, until } from '../support/process/scratch.ts';

const FOREVER = ['-c', 'while :; do sleep 1; done'];

test('a name with blanks, brackets and digits does not shift the fields', () => {
  const line = `42 (evil) R 1 (x) S 7 40 41 ${Array.from({ length: 15 }, (_, i) => i).join(' ')} 4711 0`;
  expect(parseStat(line)).toMatchObject({
    pid: 42,
    comm: 'evil) R 1 (x',
    state: 'S',
    parent: 7,
    group: 40,
    session: 41,
    start: 4711,
  });
  expect(parseStat('')).toBeNull();
  expect(parseStat('42 (cut) S 1')).toBeNull();
});

test('this process is found by pid and start, and another with its pid is not taken for it', () => {
  const me = processAt(process.pid)!;
  expect(find(me)).toEqual(me);
  expect(find({ pid: me.pid, start: me.start - 1 })).toBeNull();
  expect(startedAt(me)).toBeLessThanOrEqual(machineTime());
  expect(bootId()).toMatch(/^[0-9a-f-]{36}$/);
  expect(processes().some(({ pid }) => pid === me.pid)).toBe(true);
});

test('a zombie has left, though it can be signalled', async () => {
  // The shell does not collect its background child: it has become another program that knows nothing of it.
  const parent = spawn('/bin/sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 100'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = Number(await new Promise((resolve) => parent.stdout.once('data', resolve)));
  await until(() => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  expect(process.kill(pid, 0)).toBe(true);
  expect(processAt(pid)).toBeNull();
  expect(processes().some((one) => one.pid === pid)).toBe(false);
  parent.kill('SIGKILL');
});

test('who holds a lock is found, and who only has its file open is not taken for a holder', async () => {
  const path = join(scratch(), 'a.lock');
  const holder = await startHolder(path, '/bin/sh', FOREVER);
  const reader = spawn('/bin/sh', ['-c', `exec 9<"${path}"; echo open; exec sleep 100`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => reader.stdout.once('data', resolve));
  const pids = (await holdersOf(path)).map(({ pid }) => pid);
  expect(pids).toContain(holder.pid);
  expect(pids).not.toContain(reader.pid);
  expect(hasOpen(reader.pid!, path, fileAt(path)!)).toBe(true);
  expect(hasOpen(process.pid, path, fileAt(path)!)).toBe(false);
  expect(hasOpen(2 ** 22 + 1, path, fileAt(path)!)).toBeNull();
  reader.kill('SIGKILL');
});

test('our own descriptor makes us no holder', async () => {
  const path = join(scratch(), 'a.lock');
  const lock = await takeLock(path);
  expect(await holdersOf(path)).toEqual([]);
  lock?.release();
  expect(await holdersOf(join(scratch(), 'none.lock'))).toEqual([]);
});

test('a program is known by its bytes, not by its name; a script in the arguments of its interpreter too', async () => {
  const folder = scratch();
  const elf = program(folder, 'vault');
  const twin = program(folder, 'vault-copy');
  const text = script(folder, 'oracle', 'while :; do sleep 1; done');
  const ofElf = await startHolder(join(folder, 'a.lock'), elf, FOREVER);
  const ofText = await startHolder(join(folder, 'b.lock'), text, []);
  await until(() => processAt(ofText.pid)?.comm === 'oracle');
  expect(await executesOneOf(ofElf.pid, [fileAt(elf)!])).toBe(true);
  expect(await executesOneOf(ofElf.pid, [fileAt(twin)!, fileAt(text)!])).toBe(false);
  expect(await executesOneOf(ofText.pid, [fileAt(text)!])).toBe(true);
  expect(await executesOneOf(ofText.pid, [fileAt(elf)!])).toBe(false);
  expect(await executesOneOf(ofText.pid, [])).toBe(false);
});

test('marks are read from the environment it was started with', async () => {
  const folder = scratch();
  const marked = await startHolder(join(folder, 'a.lock'), '/bin/sh', FOREVER, {
    VAULTVISOR_CHILD: 'abc',
    XVAULTVISOR_HELPER: 'no',
  });
  expect(await marksOf(marked.pid)).toEqual({ child: 'abc', helper: null, starter: null });
  expect(parseMarks(['VAULTVISOR_CHILDREN=1', 'VAULTVISOR_HELPER=h'])).toEqual({
    child: null,
    helper: 'h',
    starter: null,
  });
});

test('a signal reaches only the process that was named', async () => {
  const holder = await startHolder(join(scratch(), 'a.lock'), '/bin/sh', FOREVER);
  const { pid, start } = processAt(holder.pid)!;
  expect(sendTo({ pid, start: start + 1 }, 'SIGKILL')).toBe(false);
  expect(sendToGroupOf({ pid, start: start + 1 }, 'SIGKILL')).toBe(false);
  expect(hasExited(holder)).toBe(false);
  expect(find({ pid, start })).not.toBeNull();
  expect(sendToGroupOf({ pid, start }, 'SIGKILL')).toBe(true);
  await until(() => hasExited(holder));
  expect(sendTo({ pid, start }, 'SIGKILL')).toBe(false);
});

test('what is said of a process cannot paint a terminal', async () => {
  const holder = await startHolder(join(scratch(), 'a.lock'), '/bin/sh', [...FOREVER, '\x1b[31mred']);
  expect(await wordsFor({ pid: holder.pid, comm: 'sh' })).toContain('\\x1b[31mred');
  expect(await wordsFor({ pid: 2 ** 22 + 1, comm: 'gone' })).toBe('pid 4194305 (gone)');
});

test('elsewhere than on Linux nothing is run', () => {
  expect(() => requireLinux('linux')).not.toThrow();
  expect(() => requireLinux('darwin')).toThrow(/Linux only/);
});
