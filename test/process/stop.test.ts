import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { takeLock } from '../../src/process/lock.ts';
import { keepFor, takeKept } from '../../src/process/locks/kept.ts';
import { runChild } from '../../src/process/run.ts';
import { processAt } from '../../src/process/who/processes.ts';
import { requestIn } from '../support/process/request.ts';
import { scratch, script, textOf, until } from '../support/process/scratch.ts';
import { startRun } from '../support/process/started.ts';

const SLEEP = 'while :; do echo tick; sleep 0.02; done';
/** Background commands of a shell are deaf to SIGINT (POSIX): where one must hear it is SIGTERM. */
const DEAF_CHILD = `/bin/sh -c 'trap "" INT TERM; while :; do sleep 0.05; done' &`;

test('the configured signal is the one that is sent', async () => {
  const folder = scratch();
  const client = script(folder, 'client', `trap "exit 6" TERM; trap "exit 7" INT; echo ready; ${SLEEP}`);
  const { child, stop } = await startRun(
    requestIn(folder, { program: client, texts: ['ready'], stop: { signal: 'SIGTERM', grace: 20_000 } }),
  );
  await until(() => child.seen('ready'));
  expect((await stop()).code).toBe(6);
});

test('a deaf client is killed when its grace is over, with its whole group, also what dropped the lock', async () => {
  const folder = scratch();
  const pids = join(folder, 'pids');
  const client = script(
    folder,
    'client',
    `trap "" INT; ${DEAF_CHILD.replace('trap', 'exec 3<&-; trap')} echo $! >"${pids}"; echo ready; ${SLEEP}`,
  );
  const { child, stop } = await startRun(
    requestIn(folder, { program: client, texts: ['ready'], stop: { signal: 'SIGINT', grace: 200 } }),
  );
  await until(() => child.seen('ready'));
  const exit = await stop();
  expect(exit).toMatchObject({ code: null, signal: 'SIGKILL', asked: true });
  expect(exit.cause).toMatch(/^killed by SIGKILL, since it had not left 0\.\d s after it was asked to$/);
  await until(() => processAt(Number(textOf(pids))) === null);
});

test('the client alone is asked: what it started is its own to end', async () => {
  const folder = scratch();
  const heard = join(folder, 'heard');
  const helper = `/bin/sh -c 'trap "touch ${heard}; exit" TERM; while :; do sleep 0.05; done' &`;
  const client = script(
    folder,
    'client',
    `trap 'sleep 0.3; kill -KILL $!; exit 0' TERM; ${helper} echo ready; ${SLEEP}`,
  );
  const { child, stop } = await startRun(
    requestIn(folder, { program: client, texts: ['ready'], stop: { signal: 'SIGTERM', grace: 20_000 } }),
  );
  await until(() => child.seen('ready'));
  expect((await stop()).code).toBe(0);
  expect(textOf(heard)).toBe('');
});

test.each([
  ['hears', `/bin/sh -c 'trap "exit 0" TERM; while :; do sleep 0.05; done' &`, 600_000],
  ['is deaf', DEAF_CHILD, 300],
])(
  'a run has not ended while what it left behind has its lock: it is asked, and killed if need be: it %s',
  async (_, leftOver, grace) => {
    const folder = scratch();
    const pids = join(folder, 'pids');
    const client = script(folder, 'client', `${leftOver} echo $! >"${pids}"; sleep 0.2; exit 4`);
    const request = requestIn(folder, { program: client, stop: { signal: 'SIGTERM', grace } });
    const exit = await runChild(request, new AbortController().signal);
    expect(exit).toMatchObject({ code: 4, asked: false });
    expect(processAt(Number(textOf(pids)))).toBeNull();
    (await takeLock(request.locks[0]!))!.release();
  },
);

test('a shared lock that another client took meanwhile does not hold the end of a run up', async () => {
  const folder = scratch();
  const release = join(folder, 'release');
  const shared = join(folder, 'wallet.lock');
  // It lets go of the shared lock first, and leaves later.
  const client = script(folder, 'client', `exec 4<&-; while [ ! -e "${release}" ]; do sleep 0.02; done; exit 0`);
  const base = requestIn(folder, { program: client });
  const { exit } = await startRun({ ...base, locks: [...base.locks, shared] });
  const other = await until(() => takeLock(shared));
  script(folder, 'release', '');
  expect((await exit).code).toBe(0);
  other.release();
});

test('an infinite grace is infinite', async () => {
  const folder = scratch();
  const release = join(folder, 'release');
  const client = script(
    folder,
    'client',
    `trap "" INT; echo ready; while [ ! -e "${release}" ]; do sleep 0.02; done; exit 0`,
  );
  const request = requestIn(folder, { program: client, texts: ['ready'], stop: { signal: 'SIGINT', grace: null } });
  const { child, stop } = await startRun(request);
  await until(() => child.seen('ready'));
  const stopping = stop();
  await pause(500);
  expect(processAt(child.pid)).not.toBeNull();
  script(folder, 'release', '');
  expect(await stopping).toMatchObject({ code: 0, asked: true });
});

test('a client that is suspended is killed all the same', async () => {
  const folder = scratch();
  const request = requestIn(folder, {
    program: script(folder, 'client', `trap "exit 0" INT; ${SLEEP}`),
    stop: { signal: 'SIGINT', grace: 200 },
  });
  const { child, stop } = await startRun(request);
  process.kill(child.pid, 'SIGSTOP');
  expect((await stop()).signal).toBe('SIGKILL');
});

test('the proof that a client has left is handed on to the next run, and let go when none comes', async () => {
  const folder = scratch();
  const client = script(folder, 'client', `trap "exit 0" INT; echo ready; ${SLEEP}`);
  const request = requestIn(folder, { program: client, texts: ['ready'], handOn: 60_000 });
  const first = await startRun(request);
  await until(() => first.child.seen('ready'));
  await first.stop();
  expect(await takeLock(request.locks[0]!)).toBeNull();
  const second = await startRun({ ...request, handOn: 50 });
  expect(processAt(first.child.pid)).toBeNull();
  await until(() => second.child.seen('ready'));
  expect(await takeLock(request.locks[0]!)).toBeNull();
  await second.stop();
  const lock = await until(() => takeLock(request.locks[0]!));
  lock.release();
});

test('the next run ends what the last one left without its lock, be the proof handed on or not', async () => {
  for (const handOn of [60_000, null]) {
    const folder = scratch();
    const pids = join(folder, 'pids');
    const stray = `setsid /bin/sh -c 'exec 3<&-; echo $$ >"${pids}"; while :; do sleep 0.05; done' &`;
    const client = script(folder, 'client', `trap "exit 0" TERM; ${stray} echo ready; ${SLEEP}`);
    const stop = { signal: 'SIGTERM', grace: 20_000 } as const;
    const request = requestIn(folder, { program: client, stop, texts: ['ready'], ...(handOn && { handOn }) });
    const first = await startRun(request);
    const left = await until(() => first.child.seen('ready') && Number(textOf(pids)));
    await first.stop();
    expect(processAt(left)).not.toBeNull();
    const second = await startRun({ ...request, program: script(folder, 'next', `trap "exit 0" TERM; ${SLEEP}`) });
    expect(processAt(left)).toBeNull();
    await second.stop();
  }
});

test('a proof whose file was replaced is none', async () => {
  const folder = scratch();
  const path = join(folder, 'a.lock');
  keepFor((await takeLock(path))!, 60_000, 0);
  renameSync(path, join(folder, 'elsewhere'));
  const other = (await takeLock(path))!;
  expect(takeKept(path)).toBeNull();
  other.release();
  (await takeLock(join(folder, 'elsewhere')))!.release();
});
