import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { takeManager } from '../../src/systemd/manager.ts';
import { listen, noListener } from '../support/systemd/listener.ts';

const { PATH } = process.env;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'vv-notify-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe.skipIf(noListener !== null && process.env['CI'] !== 'true')('what is told to the service manager', () => {
  test.each([
    ['a path', (path: string) => join(path, 'notify')],
    ['an abstract name', (path: string) => `@${join(path, 'notify')}`],
  ])('arrives at %s, in its order, as one message each', async (_, name) => {
    const heard = await listen('', name(folder()));
    const manager = takeManager({ PATH, NOTIFY_SOCKET: heard.socket }, silentLog);
    await Promise.all([manager?.tell('READY=1', 'STATUS=first'), manager?.tell('STATUS=second')]);
    await heard.hears('STATUS=second');
    expect(heard.messages()).toEqual([['READY=1', 'STATUS=first'], ['STATUS=second']]);
  });

  test('a line end in what others wrote begins no field of its own', async () => {
    const heard = await listen(folder());
    const manager = takeManager({ PATH, NOTIFY_SOCKET: heard.socket }, silentLog);
    await manager?.tell('STATUS=its last line was\nMAINPID=1\n\nWATCHDOG=trigger');
    expect(heard.messages()).toEqual([['STATUS=its last line was MAINPID=1 WATCHDOG=trigger']]);
  });

  test('one that is gone is told in the log once, and the answer is no', async () => {
    const errors: string[] = [];
    const log = { ...silentLog, error: (_: object, words: string) => void errors.push(words), info: () => {} };
    const manager = takeManager({ PATH, NOTIFY_SOCKET: join(folder(), 'nobody') }, log);
    expect([await manager?.tell('READY=1'), await manager?.tell('READY=1')]).toEqual([false, false]);
    expect(errors).toHaveLength(1);
  });
});

test('without a socket nobody is told', () => expect(takeManager({ WATCHDOG_USEC: '1000000' }, silentLog)).toBeNull());

test.each([
  ['ours', { WATCHDOG_PID: '7' }, 30_000],
  ['of whoever is asked', {}, 30_000],
  ['another’s', { WATCHDOG_PID: '8' }, null],
])('a watchdog that is %s', (_, more, expected) => {
  const env = { NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '30000000', ...more };
  expect(takeManager(env, silentLog, 7)?.watchdog).toBe(expected);
});

test('nothing of it stays in the environment that our children get', async () => {
  const env: NodeJS.ProcessEnv = {
    PATH,
    NOTIFY_SOCKET: '/run/notify',
    WATCHDOG_USEC: '1',
    WATCHDOG_PID: '1',
    LANG: 'C',
  };
  takeManager(env, silentLog);
  expect(env).toEqual({ PATH, LANG: 'C' });
  const child = spawn('env', { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  expect(text).not.toMatch(/NOTIFY|WATCHDOG/);
});
