import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { type Process, processAt, processes } from '../../src/process/who/processes.ts';
import { type Attended, attend } from '../../src/systemd/attend.ts';
import { takeManager } from '../../src/systemd/manager.ts';
import { runDaemon } from '../support/cli/daemon.ts';
import { scratch } from '../support/cli/home.ts';
import { listen, noListener } from '../support/systemd/listener.ts';

const isCi = process.env['CI'] === 'true';
const steady = (folder: string) =>
  `#!/bin/sh\nenv > ${folder}/environment\ntrap 'while [ ! -e ${folder}/go ]; do sleep 0.05; done; exit 0' INT\nwhile [ -e "$0" ]; do sleep 0.05; done\n`;

describe.skipIf(noListener !== null && !isCi)('a daemon that a service manager looks after', () => {
  test('says that it is ready, how its clients are, that it reads its file, that it is alive, and that it leaves', async () => {
    const here = await scratch();
    onTestFinished(here.remove);
    const heard = await listen(here.folder);
    await here.publish('vault', '1.0.0', steady(here.folder));
    const settings = { health: { minHealthyTime: '100ms' }, stop: { grace: 'infinite' } };
    // its chain does not answer: that keeps nothing from being ready
    const dead = { endpoints: ['ws://127.0.0.1:9'], clients: { oracle: { release: { source: 'clients-info' } } } };
    await here.configure({ vault: settings });
    const file = JSON.parse(readFileSync(here.file, 'utf8'));
    await writeFile(here.file, JSON.stringify({ ...file, networks: { ...file.networks, dead } }));
    const environment = { NOTIFY_SOCKET: heard.socket, WATCHDOG_USEC: '2000000' };
    const daemon = runDaemon(here, { env: environment });
    onTestFinished(async () => void (await daemon.end('SIGKILL')));

    expect((await heard.hears('READY=1'))[0]).toBe('READY=1');
    await heard.hears('STATUS=1 of 2 clients as they should be; dead/oracle waits for its first release');
    expect(readFileSync(join(here.folder, 'environment'), 'utf8')).not.toMatch(/NOTIFY_SOCKET|WATCHDOG/);
    await heard.hears('WATCHDOG=1', heard.messages().length);

    // suspended it does not feed: that is what a watchdog is for
    process.kill(daemon.pid, 'SIGSTOP');
    const isSending = ({ parent, comm }: Process) => parent === daemon.pid && comm === 'systemd-notify';
    while (processes().some(isSending)) await pause(20);
    const silent = heard.messages().length;
    await pause(1_500);
    expect(heard.messages()).toHaveLength(silent);
    process.kill(daemon.pid, 'SIGCONT');
    await heard.hears('WATCHDOG=1', silent);

    const before = heard.messages().length;
    process.kill(daemon.pid, 'SIGHUP');
    const reloading = await heard.hears('RELOADING=1', before);
    expect(reloading[1]).toMatch(/^MONOTONIC_USEC=\d+$/);
    await heard.hears('READY=1', before);
    const order = heard
      .messages()
      .slice(before)
      .map(([first]) => first)
      .filter((first) => first !== 'WATCHDOG=1');
    expect(order).toEqual(['RELOADING=1', 'READY=1']);

    process.kill(daemon.pid, 'SIGTERM');
    const leaving = await heard.hears('STOPPING=1');
    expect(leaving).toContain('EXTEND_TIMEOUT_USEC=30000000');
    expect(leaving[2]).toMatch(/^STATUS=stopping; testnet\/vault: its child \d+ leaves in its own time/);
    await heard.hears('WATCHDOG=1', heard.messages().length);
    await writeFile(join(here.folder, 'go'), '');
    expect(await daemon.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(processAt(daemon.pid)).toBeNull();
  }, 60_000);

  test('what has not moved for minutes is not fed for, and the log names it', async () => {
    const here = await scratch();
    onTestFinished(here.remove);
    const heard = await listen(here.folder);
    const errors: object[] = [];
    const log = { ...silentLog, error: (context: object) => void errors.push(context) };
    const env = { PATH: process.env['PATH'], NOTIFY_SOCKET: heard.socket, WATCHDOG_USEC: '200000' };
    let stuck: string | null = null;
    const attended: Attended = { words: () => 'fine', stuck: () => stuck, waitsFor: () => [] };
    const attendance = attend(takeManager(env, log)!, attended, log);
    await heard.hears('WATCHDOG=1');
    stuck = 'kintsugi/vault has been at one decision for 301 s';
    while (errors.length === 0) await pause(20);
    const silent = heard.messages().length;
    await pause(1_000);
    expect(heard.messages().slice(silent + 1)).toEqual([]); // one may have been on its way
    expect(errors).toEqual([{ stuck }]);
    stuck = null;
    await heard.hears('WATCHDOG=1', silent + 1);
    await attendance.stop(async () => {});
  }, 30_000);
});
