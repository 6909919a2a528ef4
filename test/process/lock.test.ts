import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { takeLock, waitForLock } from '../../src/process/lock.ts';
import { marksOf } from '../../src/process/who/process-details.ts';
import { find, processes } from '../../src/process/who/processes.ts';
import { exitOf, startHolder } from '../support/process/orphan.ts';
import { scratch, until } from '../support/process/scratch.ts';

afterEach(() => void vi.unstubAllEnvs());

const never = new AbortController().signal;

async function helperOf(identity: string): Promise<{ pid: number; start: number } | null> {
  for (const one of processes()) if ((await marksOf(one.pid)).helper === identity && one.comm === 'flock') return one;
  return null;
}

test('a lock is had once, and again when it was released', async () => {
  const path = join(scratch(), 'a.lock');
  const first = await takeLock(path);
  expect(await takeLock(path)).toBeNull();
  first?.release();
  first?.release();
  const second = await takeLock(path);
  expect(second).not.toBeNull();
  second?.release();
});

test('a child that inherits it keeps it when our copy is closed, and it is free when the child is gone', async () => {
  const path = join(scratch(), 'a.lock');
  const holder = await startHolder(path, '/bin/sh', ['-c', 'while :; do sleep 1; done']);
  expect(await takeLock(path)).toBeNull();
  const waiting = waitForLock(path, never);
  process.kill(-holder.pid, 'SIGKILL');
  (await waiting).release();
});

test('the file is made readable for all whatever the umask, and stays', async () => {
  const path = join(scratch(), 'a.lock');
  const umask = process.umask(0o077);
  (await takeLock(path))?.release();
  process.umask(umask);
  expect(statSync(path).mode & 0o777).toBe(0o644);
});

test('a file that was removed while we waited excludes nobody: the one that lies there now is asked', async () => {
  const folder = scratch();
  const path = join(folder, 'a.lock');
  const old = await takeLock(path);
  const waiting = waitForLock(path, never, 'replaced');
  await until(() => helperOf('replaced'));
  renameSync(path, join(folder, 'elsewhere'));
  const other = await takeLock(path);
  expect(other).not.toBeNull();
  old?.release();
  (await until(() => takeLock(join(folder, 'elsewhere')))).release();
  expect(await takeLock(path)).toBeNull();
  other?.release();
  (await waiting).release();
});

test('an aborted wait rejects with its reason and leaves no helper behind', async () => {
  const path = join(scratch(), 'a.lock');
  const held = await takeLock(path);
  const controller = new AbortController();
  const waiting = waitForLock(path, controller.signal, 'abandoned');
  const helper = await until(() => helperOf('abandoned'));
  controller.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
  expect(find(helper)).toBeNull();
  held?.release();
  expect(existsSync(path)).toBe(true);
});

test.each([
  ['a link', (path: string) => symlinkSync('/etc/hostname', path)],
  ['a folder', (path: string) => mkdirSync(path)],
])('%s in its place is refused with words', async (_, place) => {
  const path = join(scratch(), 'a.lock');
  place(path);
  await expect(takeLock(path)).rejects.toMatchObject({ name: 'VisorError', code: 'io' });
});

test('a folder that is missing is told', async () => {
  await expect(takeLock(join(scratch(), 'none', 'a.lock'))).rejects.toMatchObject({ code: 'io' });
});

test('without the program flock it says what to install', async () => {
  const folder = scratch();
  vi.stubEnv('PATH', folder);
  await expect(takeLock(join(folder, 'a.lock'))).rejects.toMatchObject({ code: 'config', next: /util-linux/ });
});

test('a flock that fails is no lock', async () => {
  const folder = scratch();
  writeFileSync(join(folder, 'flock'), '#!/bin/sh\nexit 69\n', { mode: 0o755 });
  vi.stubEnv('PATH', folder);
  await expect(takeLock(join(folder, 'a.lock'))).rejects.toMatchObject({ code: 'io' });
});

test('a lock that was let go while its file is removed can be taken anew', async () => {
  const path = join(scratch(), 'a.lock');
  const holder = await startHolder(path, '/bin/sh', ['-c', 'exit 0']);
  await exitOf(holder);
  rmSync(path);
  (await takeLock(path))?.release();
  expect(existsSync(path)).toBe(true);
});

test('where no further process can be started it is said what is used up, in one line', () => {
  const code = `
    import { openSync } from 'node:fs';
    import { flock } from ${JSON.stringify(new URL('../../build/process/locks/flock.js', import.meta.url).href)};
    const lock = openSync(process.execPath);
    try { for (;;) openSync('/dev/null'); } catch {}
    await flock(lock, '', null).catch(({ code, message, next }) => console.log(JSON.stringify({ code, message, next })));
  `;
  const words = ['-c', 'ulimit -n 64; exec "$0" --input-type=module -e "$1"', process.execPath, code];
  const { code: kind, message, next } = JSON.parse(execFileSync('sh', words, { encoding: 'utf8' }));
  expect(kind).toBe('io');
  expect(message).toMatch(/^a lock could not be asked for, as no further process can be started: [^\n]*EMFILE[^\n]*$/);
  expect(next).toContain('ulimit -a');
});
