import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { adoptChild, findOrphan, type Orphan } from '../../src/process/adopt.ts';
import type { Child, Exit } from '../../src/process/child.ts';
import type { ChildRecord } from '../../src/process/child-record.ts';
import { takeLock } from '../../src/process/lock.ts';
import { lockPath } from '../../src/process/lock-names.ts';
import { machineTime } from '../../src/process/machine.ts';
import type { RunRequest } from '../../src/process/run.ts';
import { processAt, processes } from '../../src/process/who/processes.ts';
import { exitOf } from '../support/process/orphan.ts';
import { requestIn } from '../support/process/request.ts';
import { program, scratch, textOf, until } from '../support/process/scratch.ts';
import { startScript } from '../support/process/script.ts';
import { kill } from '../support/process/started.ts';

const STEADY = 'trap "echo leaving; exit 0" INT; echo ready; while :; do sleep 0.02; done';

interface Left {
  readonly request: RunRequest;
  readonly pid: number;
}

/** A child whose supervisor was killed. */
async function leaveOrphan(body = STEADY, own: Partial<RunRequest> = {}): Promise<Left> {
  const folder = scratch();
  onTestFinished(() => {
    for (const { pid } of processes()) if (textOf(`/proc/${pid}/cmdline`).includes(folder)) kill(pid);
  });
  const vault = program(folder, 'vault');
  const supervisor = startScript('supervisor.ts', [folder, vault, '-c', `${body} # ${folder}`]);
  const pid = await until(() => Number(supervisor.lines.find((line) => line.startsWith('started '))?.split(' ')[1]));
  const request = requestIn(folder, { program: vault, deployment: 'the wanted one', ...own });
  await until(() => recordOf(request)?.child?.pid === pid);
  await until(() => textOf(request.logFile).includes('ready'));
  supervisor.process.kill('SIGKILL');
  await exitOf(supervisor.process);
  return { request, pid };
}

const recordOf = ({ record }: RunRequest): ChildRecord => JSON.parse(textOf(record) || '{}');
async function adopt(
  request: RunRequest,
): Promise<{ orphan: Orphan; child: Child; exit: Promise<Exit>; stop: () => void }> {
  const orphan = findOrphan(request.record, request.locks);
  if (orphan === null) throw new Error('nobody is there to be adopted');
  const controller = new AbortController();
  let exit!: Promise<Exit>;
  const child = await new Promise<Child>((resolve, reject) => {
    exit = adoptChild(orphan, { ...request, started: resolve }, controller.signal);
    exit.catch(reject);
  });
  return { orphan, child, exit, stop: () => controller.abort() };
}

test('an orphan is looked after as a child of ours: its pid, its start, what it said before and says now; and it is stopped so', async () => {
  const { request, pid } = await leaveOrphan(
    'trap "echo leaving; exit 0" INT; echo ready; while [ ! -e said ]; do sleep 0.02; done; echo later; while :; do sleep 0.02; done',
    { texts: ['ready', 'later', 'never'] },
  );
  const before = processAt(pid);
  const { orphan, child, exit, stop } = await adopt(request);
  expect(orphan).toMatchObject({ pid, deployment: 'the wanted one' });
  expect(child.pid).toBe(pid);
  expect(Math.abs(child.startedAt - (Date.now() - (machineTime() - (before?.start ?? 0) * 10)))).toBeLessThan(1_000);
  expect(child.since).toBeLessThan(performance.now());
  await until(() => child.seen('ready'));
  expect(child.texts).toEqual(['ready', 'later', 'never']);
  expect(child.seen('later')).toBe(false);
  writeFileSync(join(request.cwd, 'said'), '');
  await until(() => child.seen('later'));
  expect(processAt(pid)).toEqual({ ...before, state: expect.any(String) });
  expect(await takeLock(request.locks[0]!)).toBeNull();
  stop();
  const end = await exit;
  expect(end).toMatchObject({ adopted: true, asked: true, code: null, signal: null });
  expect(end.lastLines).toEqual(['ready', 'later', 'leaving']);
  expect([...end.seen]).toEqual(['ready', 'later']);
  expect(processAt(pid)).toBeNull();
  (await takeLock(request.locks[0]!))!.release();
});

test('how it ends by itself is not known, and that is told; its uptime counts from its own start', async () => {
  const { request, pid } = await leaveOrphan('echo ready; while :; do sleep 0.02; done');
  const age = (): number => machineTime() - (processAt(pid)?.start ?? 0) * 10;
  await until(() => age() > 1_000);
  const { exit } = await adopt(request);
  process.kill(pid, 'SIGKILL');
  const end = await exit;
  expect(end).toMatchObject({ adopted: true, asked: false, code: null, signal: null });
  expect(end.cause).toBe('ended, and its exit status is not known');
  // from the adoption on it would be some milliseconds
  expect(end.uptime).toBeGreaterThan(500);
});

test('one that died between the look and the adoption has ended too', async () => {
  const { request, pid } = await leaveOrphan();
  const orphan = findOrphan(request.record, request.locks);
  process.kill(pid, 'SIGKILL');
  await until(() => processAt(pid) === null);
  const end = await adoptChild(orphan!, request, new AbortController().signal);
  expect(end).toMatchObject({ adopted: true, code: null, signal: null });
});

test('a deaf one is killed when its grace is over, with what it forked', async () => {
  const { request, pid } = await leaveOrphan(
    'trap "" INT; /bin/sh -c "while :; do sleep 0.05; done" & echo $! >fork; echo ready; while :; do sleep 0.02; done',
    { stop: { signal: 'SIGINT', grace: 200 } },
  );
  const fork = Number(textOf(join(request.cwd, 'fork')));
  const { exit, stop } = await adopt(request);
  stop();
  expect((await exit).cause).toContain('killed by SIGKILL, since it had not left');
  expect([processAt(pid), processAt(fork)]).toEqual([null, null]);
});

test('what it leaves behind with its lock is ended before the run has ended', async () => {
  const { request, pid } = await leaveOrphan(
    '/bin/sh -c "while :; do sleep 0.05; done" & echo $! >fork; echo ready; while :; do sleep 0.02; done',
    { stop: { signal: 'SIGTERM', grace: 5_000 } },
  );
  const fork = Number(textOf(join(request.cwd, 'fork')));
  const { exit } = await adopt(request);
  process.kill(pid, 'SIGKILL');
  await exit;
  expect(processAt(fork)).toBeNull();
});

test('one that lets go of its lock is ended, though it lives on', async () => {
  const { request, pid } = await leaveOrphan(
    'echo ready; while [ ! -e go ]; do sleep 0.02; done; exec 3<&-; while :; do sleep 0.02; done',
  );
  const { exit } = await adopt(request);
  writeFileSync(join(request.cwd, 'go'), '');
  await expect(exit).rejects.toThrow('closed the descriptor of its lock');
  expect(processAt(pid)).toBeNull();
});

test('its log is followed where it is, also when the file was given another name; what is not whole is not judged by', async () => {
  const { request } = await leaveOrphan(
    'echo ready; while [ ! -e said ]; do sleep 0.02; done; echo later; while :; do sleep 0.02; done',
    { texts: ['ready', 'later'] },
  );
  renameSync(request.logFile, `${request.logFile}.moved`);
  appendFileSync(request.logFile, 'another file\n');
  const { child, exit, stop } = await adopt(request);
  expect(child.texts).toEqual([]);
  writeFileSync(join(request.cwd, 'said'), '');
  await until(() => child.seen('later'));
  stop();
  await exit;
});

test('where its first lines were put aside nothing is judged by them', async () => {
  const { request } = await leaveOrphan(STEADY, { texts: ['ready'] });
  writeFileSync(`${request.logFile}.1`, 'ready\n');
  const { child, exit, stop } = await adopt(request);
  expect(child.texts).toEqual([]);
  stop();
  await exit;
});

test('nobody is adopted who is not the very child on record, free of any order, under the very locks that the file names', async () => {
  const { request, pid } = await leaveOrphan();
  const { record, locks } = request;
  const wallet = lockPath(join(request.home, '..', 'locks'), 'wallet');
  (await takeLock(wallet))!.release();
  const text = readFileSync(record, 'utf8');
  const { child } = recordOf(request);
  const { deployment: _, ...undated } = child as Orphan;
  const none = (own: object, named = locks) => {
    writeFileSync(record, JSON.stringify({ ...JSON.parse(text), ...own }));
    return findOrphan(record, named);
  };
  expect(none({ child: { ...child, asked: { at: machineTime(), sent: false } } })).toBeNull();
  expect(none({ child: { ...child, boot: 'another' } })).toBeNull();
  expect(none({ child: { ...child, start: 1 } })).toBeNull();
  expect(none({ child: undated })).toBeNull();
  expect(none({}, [...locks, wallet])).toBeNull();
  expect(none({ locks: [...locks, wallet] }, [...locks, wallet])).toBeNull();
  expect(none({}, [])).toBeNull();
  expect(none({})).toMatchObject({ pid, deployment: 'the wanted one' });
  renameSync(locks[0]!, `${locks[0]}.old`);
  writeFileSync(locks[0]!, '');
  expect(none({})).toBeNull();
  renameSync(`${locks[0]}.old`, locks[0]!);
  process.kill(pid, 'SIGKILL');
  await until(() => processAt(pid) === null);
  expect(none({})).toBeNull();
});

test('supervisors that die one after the other leave one child and at most one helper', async () => {
  const { request, pid } = await leaveOrphan();
  const helpers = () =>
    processes().filter((one) => one.comm === 'flock' && textOf(`/proc/${one.pid}/environ`).includes(request.identity));
  const folder = join(request.home, '..');
  for (let life = 0; life < 3; life += 1) {
    const next = startScript('supervisor.ts', [folder, request.program], { ADOPT: '1' });
    await until(() => next.lines.includes(`started ${pid}`));
    await until(() => helpers().length > 0);
    next.process.kill('SIGKILL');
    await exitOf(next.process);
  }
  await pause(100);
  expect(helpers().length).toBe(1);
  expect(processAt(pid)).not.toBeNull();
  const { exit, stop } = await adopt(request);
  stop();
  await exit;
  expect(helpers()).toEqual([]);
});
