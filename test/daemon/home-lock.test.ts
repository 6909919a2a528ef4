import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { watchHomeLock } from '../../src/daemon/home-lock.ts';
import { silentLog } from '../../src/log.ts';
import { takeLock } from '../../src/process/lock.ts';
import { takeSupervisorLock } from '../../src/process/supervisor-lock.ts';
import { scratch } from '../support/process/scratch.ts';

const never = new AbortController().signal;

async function held() {
  const home = scratch();
  const path = join(home, 'supervisor.lock');
  const homeLock = watchHomeLock(await takeSupervisorLock(path), home, silentLog);
  onTestFinished(() => homeLock.release());
  const told: (string | null)[] = [];
  return { home, path, homeLock, told, ask: () => homeLock.held(never, (words) => void told.push(words)) };
}

test('a home that is ours is asked for without a word', async () => {
  const { homeLock, told, ask } = await held();
  await ask();
  expect([told, homeLock.lost()]).toEqual([[], null]);
});

test('a lock whose file was removed is taken again before the next start: no second daemon gets it', async () => {
  const { path, homeLock, told, ask } = await held();
  rmSync(path);
  await ask();
  expect([told, homeLock.lost()]).toEqual([[], null]);
  expect(await takeLock(path)).toBeNull();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
  homeLock.release();
  (await takeLock(path))!.release();
});

test('where another has locked the new file nothing may be started, until that one has ended', {
  timeout: 60_000,
}, async () => {
  const { path, homeLock, told, ask } = await held();
  renameSync(path, `${path}.removed`);
  const other = await takeLock(path);
  const asked = ask();
  await expect.poll(() => told.length).toBe(1);
  expect(told[0]).toContain(`somebody removed ${path}`);
  expect(homeLock.lost()).toBe(told[0]);
  expect(
    await Promise.race([asked.then(() => 'granted'), new Promise((done) => setTimeout(done, 300))]),
  ).toBeUndefined();
  other?.release();
  await asked;
  expect([told.at(-1), homeLock.lost()]).toEqual([null, null]);
  expect(await takeLock(path)).toBeNull();
});

test('where its folder is gone nothing may be started', async () => {
  const { home, homeLock, told } = await held();
  renameSync(home, `${home}.gone`);
  onTestFinished(() => rmSync(`${home}.gone`, { recursive: true, force: true }));
  const end = new AbortController();
  const asked = homeLock.held(end.signal, (words) => void told.push(words));
  await expect.poll(() => told.length).toBe(1);
  expect(told[0]).toContain('cannot be locked again');
  end.abort(new Error('enough'));
  await expect(asked).rejects.toThrow();
});
