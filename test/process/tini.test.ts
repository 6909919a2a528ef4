import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Stop } from '../../src/process/ending/stop-rule.ts';
import { takeLock } from '../../src/process/lock.ts';
import { LockLost } from '../../src/process/locks/lock-check.ts';
import { runChild } from '../../src/process/run.ts';
import { findTini } from '../../src/process/start/tini.ts';
import { processAt, processes } from '../../src/process/who/processes.ts';
import { exitOf } from '../support/process/orphan.ts';
import { requestIn } from '../support/process/request.ts';
import { program, scratch, script, textOf, until } from '../support/process/scratch.ts';
import { startScript } from '../support/process/script.ts';
import { kill, startRun } from '../support/process/started.ts';

const tini = findTini();
const never = new AbortController().signal;
const LOOP = 'while :; do sleep 0.05; done';
const needsTini = test.skipIf(tini === null && process.env['CI'] !== 'true');
const below = (folder: string, body: string, stop: Stop = { signal: 'SIGINT', grace: 20_000 }) =>
  requestIn(folder, { program: program(folder, 'vault'), args: ['-c', body], tini: tini ?? '/none', stop });
const clientOf = (pid: number) => until(() => processes().find((one) => one.parent === pid && one.comm === 'vault'));

test('tini is found in PATH, else in its usual places, and only where it may be executed', () => {
  const folder = scratch();
  expect(findTini(folder)).toBe(findTini(''));
  script(folder, 'tini', 'exit 0');
  expect(findTini(`relative:/none:${folder}`)).toBe(join(folder, 'tini'));
});

needsTini(
  'the client keeps its own name below tini, hears its own stop signal, and its status is its own',
  async () => {
    const folder = scratch();
    const request = below(folder, `trap "echo heard; exit 7" USR1; echo ready; ${LOOP}`, {
      signal: 'SIGUSR1',
      grace: 20_000,
    });
    const { child, stop } = await startRun({ ...request, texts: ['ready'] });
    expect((await until(() => processAt(child.pid))).comm).toBe('tini');
    const client = await clientOf(child.pid);
    await until(() => child.seen('ready'));
    expect(await takeLock(request.locks[0]!)).toBeNull();
    expect(await stop()).toMatchObject({ code: 7, signal: null, cause: 'exited with status 7', asked: true });
    expect(processAt(client.pid)).toBeNull();
    (await takeLock(request.locks[0]!))!.release();
  },
);

needsTini('a client that is killed by a signal is told so, not by tini’s own status', async () => {
  const folder = scratch();
  const end = await runChild(below(folder, 'kill -SEGV $$'), never);
  expect(end).toMatchObject({ code: null, signal: 'SIGSEGV', cause: 'killed by SIGSEGV' });
});

needsTini('a client that is deaf is killed with tini when its grace is over, in its group of its own', async () => {
  const folder = scratch();
  const request = below(folder, `trap "" INT; echo ready; ${LOOP}`, { signal: 'SIGINT', grace: 200 });
  const { child, stop } = await startRun({ ...request, texts: ['ready'] });
  const client = await clientOf(child.pid);
  await until(() => child.seen('ready'));
  expect(client.group).not.toBe(child.pid);
  expect((await stop()).cause).toContain('killed by SIGKILL, since it had not left');
  expect([processAt(child.pid), processAt(client.pid)]).toEqual([null, null]);
});

needsTini('where tini alone is killed the client is ended before the run has ended', async () => {
  const folder = scratch();
  const { child, exit } = await startRun(below(folder, LOOP));
  const client = await clientOf(child.pid);
  process.kill(child.pid, 'SIGKILL');
  expect((await exit).cause).toContain('killed by SIGKILL');
  expect(processAt(client.pid)).toBeNull();
});

needsTini('a client that drops its lock below tini is refused, though tini keeps it', async () => {
  const folder = scratch();
  const end = runChild(below(folder, `exec 3<&-; ${LOOP}`), never);
  await expect(end).rejects.toBeInstanceOf(LockLost);
});

needsTini('it is asked to leave as soon as its supervisor is killed, by nobody else', async () => {
  const folder = scratch();
  onTestFinished(() => {
    for (const { pid } of processes()) if (textOf(`/proc/${pid}/cmdline`).includes(folder)) kill(pid);
  });
  const body = `trap "echo asked; exit 0" INT; echo ready; ${LOOP}`;
  const supervisor = startScript('supervisor.ts', [folder, program(folder, 'vault'), '-c', body], { TINI: tini ?? '' });
  const log = join(folder, 'home', 'client.log');
  const pid = await until(() => Number(supervisor.lines.find((line) => line.startsWith('started '))?.split(' ')[1]));
  await until(() => textOf(log).includes('ready'));
  supervisor.process.kill('SIGKILL');
  await exitOf(supervisor.process);
  await until(() => processAt(pid) === null);
  expect(textOf(log)).toBe('ready\nasked\n');
  const [lock = ''] = requestIn(folder, { program: '' }).locks;
  (await until(() => takeLock(lock))).release();
});
