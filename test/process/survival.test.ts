import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { takeLock } from '../../src/process/lock.ts';
import { lockPath } from '../../src/process/lock-names.ts';
import { processAt, processes } from '../../src/process/who/processes.ts';
import { exitOf } from '../support/process/orphan.ts';
import { identityIn } from '../support/process/request.ts';
import { program, scratch, textOf, until } from '../support/process/scratch.ts';
import { type Script, startScript } from '../support/process/script.ts';
import { kill } from '../support/process/started.ts';

const STEADY = ['-c', 'trap "exit 0" INT; while :; do echo tick; sleep 0.02; done'];

const childOf = (supervisor: Script): Promise<number> =>
  until(() => {
    const line = supervisor.lines.find((said) => said.startsWith('started '));
    return line === undefined ? null : Number(line.split(' ')[1]);
  });

function killAtTheEnd(folder: string): void {
  onTestFinished(() => {
    for (const { pid } of processes()) if (textOf(`/proc/${pid}/cmdline`).includes(folder)) kill(pid);
  });
}

test('the client lives on when its supervisor is killed, keeps writing, and keeps the next start out until it has left', async () => {
  const folder = scratch();
  killAtTheEnd(folder);
  const vault = program(folder, 'vault');
  const first = startScript('supervisor.ts', [folder, vault, ...STEADY]);
  const orphan = await childOf(first);
  first.process.kill('SIGKILL');
  await exitOf(first.process);
  const log = join(folder, 'home', 'client.log');
  const { size } = statSync(log);
  await until(() => statSync(log).size > size + 50);
  expect(await takeLock(lockPath(join(folder, 'locks'), identityIn(folder)))).toBeNull();
  const second = startScript('supervisor.ts', [folder, vault, ...STEADY]);
  const next = await childOf(second);
  expect(next).not.toBe(orphan);
  expect(processAt(orphan)).toBeNull();
  second.process.kill('SIGTERM');
  await exitOf(second.process);
  expect(second.lines.at(-1)).toBe('ended exited with status 0');
});

test('the client keeps writing while its supervisor is suspended', async () => {
  const folder = scratch();
  killAtTheEnd(folder);
  // A pipe would be full after 64 KiB: this client writes more than that while nobody reads.
  const chatty = ['-c', 'line=$(printf "%01000d" 0); while :; do echo $line; echo $line; sleep 0.001; done'];
  const supervisor = startScript('supervisor.ts', [folder, program(folder, 'vault'), ...chatty]);
  await childOf(supervisor);
  supervisor.process.kill('SIGSTOP');
  const log = join(folder, 'home', 'client.log');
  const { size } = statSync(log);
  await until(() => statSync(log).size > size + 200_000);
  supervisor.process.kill('SIGCONT');
  supervisor.process.kill('SIGTERM');
  await exitOf(supervisor.process);
});

test('a second daemon waits for the first one and never touches its child', async () => {
  const folder = scratch();
  killAtTheEnd(folder);
  const vault = program(folder, 'vault');
  const first = startScript('supervisor.ts', [folder, vault, ...STEADY]);
  const child = await childOf(first);
  const second = startScript('supervisor.ts', [folder, vault, ...STEADY]);
  await pause(1_500);
  expect(second.lines).toEqual([]);
  expect(processAt(child)).not.toBeNull();
  first.process.kill('SIGTERM');
  await childOf(second);
  expect(processAt(child)).toBeNull();
  second.process.kill('SIGTERM');
  await exitOf(second.process);
});

interface Soaked {
  readonly overlaps: string;
  readonly starts: number;
}

/** Kills and suspends supervisors at random moments, and starts the next at once; the clients themselves write down whom they met. */
async function soak(kills: number, env: Record<string, string>): Promise<Soaked> {
  const folder = scratch();
  killAtTheEnd(folder);
  const overlaps = join(folder, 'overlaps');
  const client = join(folder, 'witness.mjs');
  copyFileSync(join(import.meta.dirname, '../support/clients/witness.mjs'), client);
  let starts = 0;
  for (let round = 0; round < kills; round++) {
    const deaf = round % 10 === 3 ? { WITNESS_DEAF: '1' } : {};
    const supervisor = startScript('built-supervisor.mjs', [folder, client, join(folder, 'witness'), overlaps], {
      GRACE: '300',
      ...deaf,
      ...env,
    });
    if (round % 3 === 2)
      await pause(Math.random() * 300); // somewhere between its own start and the spawn
    else {
      await childOf(supervisor);
      starts++;
      await pause(Math.random() * 80);
    }
    if (round % 5 === 4) supervisor.process.kill('SIGSTOP');
    supervisor.process.kill('SIGKILL');
    await exitOf(supervisor.process);
  }
  return { overlaps: textOf(overlaps), starts };
}

// Of this room alone, which is up in a fifth of a second; of the whole daemon it is the soak of the lab (lab/soak).
test('a hundred kills at random moments: no two clients ever met', { timeout: 240_000 }, async () => {
  const { overlaps, starts } = await soak(100, {});
  expect(overlaps).toBe('');
  expect(starts).toBeGreaterThan(50);
});

test('with the lock taken out the same soak finds overlaps', { timeout: 120_000 }, async () => {
  const { overlaps } = await soak(6, { WITHOUT_LOCK: '1' });
  expect(overlaps).toContain(' met ');
});
