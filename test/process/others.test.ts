import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { clearTheWay } from '../../src/process/clear.ts';
import { takeLock } from '../../src/process/lock.ts';
import { releaseAll } from '../../src/process/locks/take-all.ts';
import { bootId } from '../../src/process/machine.ts';
import { find, processAt } from '../../src/process/who/processes.ts';
import { requestIn } from '../support/process/request.ts';
import { program, scratch, until } from '../support/process/scratch.ts';
import { kill } from '../support/process/started.ts';

// A daemon whose home was copied, or that shares no lock folder with another, meets the other one's child with every mark of its own.

/** Another daemon, as far as its child can tell: the parent that is named in the child's environment. */
async function startOther(folder: string, identity: string): Promise<{ daemon: ChildProcess; child: number }> {
  const client = program(folder, 'vault');
  const text = `VAULTVISOR_CHILD=${identity} VAULTVISOR_STARTER=$$ "${client}" -c 'while :; do sleep 0.05; done' & echo $!; wait`;
  const daemon = spawn('/bin/sh', ['-c', text], { stdio: ['ignore', 'pipe', 'ignore'] });
  const child = Number(await new Promise((resolve) => daemon.stdout.once('data', resolve)));
  onTestFinished(() => {
    daemon.kill('SIGKILL');
    kill(child);
  });
  await until(() => processAt(child)?.comm === 'vault');
  return { daemon, child };
}

test('the child of another living daemon is left alone, whatever marks and record say, and is an orphan when that daemon is dead', async () => {
  const folder = scratch();
  const request = requestIn(folder, { program: join(folder, 'vault') });
  const { daemon, child } = await startOther(folder, request.identity);
  const { start } = processAt(child)!;
  mkdirSync(dirname(request.record), { recursive: true });
  const recorded = { pid: child, start, boot: bootId(), asked: null };
  writeFileSync(request.record, JSON.stringify({ schema: 1, identity: 'x', locks: [], child: recorded }));
  releaseAll(await clearTheWay(request, new AbortController().signal));
  expect(find({ pid: child, start })).not.toBeNull();
  daemon.kill('SIGKILL');
  await until(() => processAt(child)?.parent !== daemon.pid);
  releaseAll(await clearTheWay(request, new AbortController().signal));
  expect(find({ pid: child, start })).toBeNull();
});

test('where it holds our lock it is told of and waited for', async () => {
  const folder = scratch();
  const said: (string | null)[] = [];
  const request = requestIn(folder, { program: join(folder, 'vault'), blocked: (words) => void said.push(words) });
  const client = program(folder, 'vault');
  const lock = (await takeLock(request.locks[0]!))!;
  const text = `VAULTVISOR_CHILD=${request.identity} VAULTVISOR_STARTER=$$ "${client}" -c 'while :; do sleep 0.05; done' & echo $!; exec 3<&-; wait`;
  const daemon = spawn('/bin/sh', ['-c', text], { stdio: ['ignore', 'pipe', 'ignore', lock.fd] });
  lock.release();
  const child = Number(await new Promise((resolve) => daemon.stdout?.once('data', resolve)));
  onTestFinished(() => {
    daemon.kill('SIGKILL');
    kill(child);
  });
  const clearing = clearTheWay(request, new AbortController().signal);
  await until(() => said.some((words) => words?.includes(`pid ${child} (`) && words.includes('will not end it')));
  expect(processAt(child)?.comm).toBe('vault');
  kill(child);
  releaseAll(await clearing);
});
