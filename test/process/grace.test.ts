import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { ChildRecord } from '../../src/process/child-record.ts';
import { clearTheWay } from '../../src/process/clear.ts';
import { releaseAll } from '../../src/process/locks/take-all.ts';
import { bootId, machineTime } from '../../src/process/machine.ts';
import { processAt, processes } from '../../src/process/who/processes.ts';
import { exitOf, hasExited, startHolder } from '../support/process/orphan.ts';
import { identityIn, requestIn } from '../support/process/request.ts';
import { program, scratch, textOf, until } from '../support/process/scratch.ts';
import { type Script, startScript } from '../support/process/script.ts';
import { kill } from '../support/process/started.ts';

const never = new AbortController().signal;

/** Counts how often it is asked, and does not leave. */
const deaf = (heard: string) => `trap "echo asked >>${heard}" INT; echo ready; while :; do sleep 0.02; done`;
const timesAsked = (heard: string): number => textOf(heard).split('\n').filter(Boolean).length;

test('a grace goes on over supervisors that are killed and suspended: asked once, killed by the first one after its end', {
  timeout: 120_000,
}, async () => {
  const folder = scratch();
  onTestFinished(() => {
    for (const { pid } of processes()) if (textOf(`/proc/${pid}/cmdline`).includes(folder)) kill(pid);
  });
  const heard = join(folder, 'heard');
  const [vault, next] = [program(folder, 'vault'), program(folder, 'next')];
  const request = requestIn(folder, { program: vault });
  const record = (): ChildRecord => JSON.parse(textOf(request.record) || '{}');
  const GRACE = '12000';
  const supervise = (path: string, body: string): Script =>
    startScript('supervisor.ts', [folder, path, '-c', `${body} # ${folder}`], { GRACE });
  const first = supervise(vault, deaf(heard));
  const pid = await until(() => record().child?.pid);
  await until(() => textOf(request.logFile).includes('ready'));
  first.process.kill('SIGKILL');
  await exitOf(first.process);
  const second = supervise(next, 'while :; do sleep 0.02; done');
  const asked = await until(() => (record().child?.asked?.sent ? record().child?.asked : null));
  for (let life = 0; life < 2; life += 1) {
    const other = supervise(next, 'while :; do sleep 0.02; done');
    other.process.kill('SIGSTOP');
    await pause(200);
    other.process.kill('SIGCONT');
    await pause(600);
    other.process.kill('SIGKILL');
    await exitOf(other.process);
    if (life === 0) second.process.kill('SIGKILL');
    expect(record().child?.asked).toEqual(asked);
    if (machineTime() < asked.at + Number(GRACE)) expect(processAt(pid)).not.toBeNull();
  }
  const last = supervise(next, 'while :; do sleep 0.02; done');
  await until(() => processAt(pid) === null);
  expect(machineTime()).toBeGreaterThanOrEqual(asked.at + Number(GRACE));
  expect(timesAsked(heard)).toBe(1);
  const started = await until(() => last.lines.find((line) => line.startsWith('started ')));
  expect(started).not.toBe(`started ${pid}`);
});

async function leave(sent: boolean, ago: number, grace: number) {
  const folder = scratch();
  const heard = join(folder, 'heard');
  const vault = program(folder, 'vault');
  const request = requestIn(folder, { program: vault, stop: { signal: 'SIGINT', grace } });
  const ready = join(folder, 'ready');
  const orphan = await startHolder(
    request.locks[0]!,
    vault,
    ['-c', deaf(heard).replace('echo ready', `echo >${ready}`)],
    {
      VAULTVISOR_CHILD: identityIn(folder),
    },
  );
  await until(() => textOf(ready));
  // asked before it was started it would be another process: both clocks go by steps of 10 ms
  await until(() => machineTime() - ago > processAt(orphan.pid)!.start * 10 + 20);
  const at = machineTime() - ago;
  const child = { pid: orphan.pid, start: processAt(orphan.pid)!.start, boot: bootId(), asked: { at, sent } };
  const record: ChildRecord = { schema: 1, identity: request.identity, locks: request.locks, child };
  writeFileSync(request.record, JSON.stringify(record));
  return { orphan, request, heard, at };
}

test('one that was killed between the save and the signal has asked nobody: the next one does, and the grace is the first one’s', async () => {
  const { orphan, request, heard, at } = await leave(false, 1, 3_000);
  releaseAll(await clearTheWay(request, never));
  expect(await exitOf(orphan)).toEqual({ code: null, signal: 'SIGKILL' });
  expect(timesAsked(heard)).toBe(1);
  expect(machineTime()).toBeGreaterThanOrEqual(at + 3_000);
  expect(JSON.parse(readFileSync(request.record, 'utf8')).child.asked).toEqual({ at, sent: true });
});

test('one that was asked is not asked again, and killed when its grace is over though nobody was there meanwhile', async () => {
  const { orphan, request, heard } = await leave(true, 1, 50);
  await pause(100);
  releaseAll(await clearTheWay(request, never));
  expect(await exitOf(orphan)).toEqual({ code: null, signal: 'SIGKILL' });
  expect(timesAsked(heard)).toBe(0);
});

test('an infinite grace stays one, whoever comes', async () => {
  const { orphan, request, heard } = await leave(true, 1, 1);
  const controller = new AbortController();
  const clearing = clearTheWay({ ...request, stop: { signal: 'SIGINT', grace: null } }, controller.signal);
  await pause(500);
  expect([hasExited(orphan), timesAsked(heard)]).toEqual([false, 0]);
  controller.abort(new Error('enough'));
  await expect(clearing).rejects.toThrow('enough');
});
