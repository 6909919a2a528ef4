import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { takeLock } from '../../src/process/lock.ts';
import { LockLost } from '../../src/process/locks/lock-check.ts';
import { runChild } from '../../src/process/run.ts';
import { processAt, processes } from '../../src/process/who/processes.ts';
import { requestIn } from '../support/process/request.ts';
import { scratch, script, textOf, until } from '../support/process/scratch.ts';
import { kill, startRun } from '../support/process/started.ts';

const never = new AbortController().signal;
const isThere = (command: string): boolean => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
const maySudo = process.getuid?.() === 0 && isThere('sudo');
const python = ['/usr/bin/python3', '/usr/local/bin/python3'].find((path) => isThere(path));

/** A client that writes its pid; and a program that wraps it, named by `{client}`. */
function wrap(wrapper: string): { folder: string; request: ReturnType<typeof requestIn>; pids(): readonly number[] } {
  const folder = scratch();
  const pids = join(folder, 'pids');
  writeFileSync(pids, '');
  chmodSync(pids, 0o666);
  chmodSync(folder, 0o755);
  const client = script(folder, 'vault', `trap "exit 0" INT TERM; echo $$ >>${pids}; while :; do sleep 0.05; done`);
  const path = join(folder, 'wrapper');
  writeFileSync(path, wrapper.replaceAll('{client}', client), { mode: 0o755 });
  const request = requestIn(folder, {
    program: path,
    programs: async () => [path, client],
    stop: { signal: 'SIGTERM', grace: 2_000 },
  });
  mkdirSync(request.cwd, { recursive: true });
  onTestFinished(() => {
    for (const { pid } of processes()) if (textOf(`/proc/${pid}/cmdline`).includes(folder)) kill(pid);
  });
  return { folder, request, pids: () => textOf(pids).trim().split('\n').filter(Boolean).map(Number) };
}

const pythonWrapper = (how: string) => `#!${python}\nimport subprocess, sys\nsys.exit(subprocess.${how})\n`;

test.each<[string, string, boolean]>([
  ['sudo in its stead', '#!/bin/sh\nexec sudo -n -u nobody {client}\n', maySudo],
  ['sudo below it', '#!/bin/sh\nsudo -n -u nobody {client}\n', maySudo],
  ['sudo by env -S', '#!/usr/bin/env -S sudo -n -u nobody {client}\n', maySudo],
  ['Python’s subprocess, which closes descriptors', pythonWrapper("call(['{client}'])"), python !== undefined],
  [
    'Python’s subprocess in a session of its own',
    pythonWrapper("call(['{client}'], start_new_session=True, env={})"),
    python !== undefined,
  ],
  ['a shell that closes it for what it waits for', '#!/bin/sh\n{client} 3<&-\n', true],
])('a client is refused and ended whose wrapper drops the lock: %s', { timeout: 20_000 }, async (_, wrapper, may) => {
  expect.hasAssertions();
  if (!may && !process.env['CI'])
    return expect(may, 'skipped: it is not installed here, or this is not root').toBe(false);
  const { request, pids } = wrap(wrapper);
  const end = runChild(request, never);
  await expect(end).rejects.toBeInstanceOf(LockLost);
  await expect(end).rejects.toThrow('closed the descriptor of its lock (3)');
  await expect(end).rejects.toMatchObject({ next: expect.stringMatching(/pass_fds=\(3,\).*sudo -C 4/) });
  for (const pid of pids()) await until(() => processAt(pid) === null);
  (await takeLock(request.locks[0]!))!.release();
});

test.each<[string, string, boolean]>([
  ['a shell that waits for the client', '#!/bin/sh\n{client}\nexit 0\n', true],
  ['a shell that becomes the client', '#!/bin/sh\nexec {client}\n', true],
  ['env -S', '#!/usr/bin/env -S A=1 {client}\n', true],
  ['Python that hands it on', pythonWrapper("call(['{client}'], pass_fds=(3,))"), python !== undefined],
  ['a shell that goes on while a helper of its own has no lock', '#!/bin/sh\nsleep 60 3<&- &\n. {client}\n', true],
])('a client is kept whose wrapper hands the lock on: %s', { timeout: 20_000 }, async (_, wrapper, may) => {
  expect.hasAssertions();
  if (!may && !process.env['CI']) return expect(may, 'skipped: it is not installed here').toBe(false);
  const { request, pids } = wrap(wrapper);
  const { exit, stop } = await startRun(request);
  const [pid = 0] = await until(() => (pids().length > 0 ? pids() : null));
  const early = await Promise.race([exit.then(() => 'ended'), new Promise((resolve) => setTimeout(resolve, 1_500))]);
  expect(early).toBeUndefined();
  expect(processAt(pid)).not.toBeNull();
  await stop();
  expect(processAt(pid)).toBeNull();
});

test('one that puts itself into the background is ended, and told what it must not do', async () => {
  const { request, pids } = wrap('#!/bin/sh\nsetsid {client} &\nwhile [ ! -s ../../pids ]; do sleep 0.02; done\n');
  const { cause } = await runChild(request, never);
  expect(cause).toMatch(
    /^exited with status 0 and left pid \d+.* behind, which was ended: a client must stay in the foreground/,
  );
  expect(pids().map(processAt)).toEqual([null]);
});

const forked = (how: string) =>
  `#!/bin/sh\n( setsid sh -c '${how} {client}' & ) \nwhile [ ! -s ../../pids ]; do sleep 0.02; done\ntrap "exit 0" TERM\nwhile :; do sleep 0.05; done\n`;

test.each([
  ['keeps the mark alone', 'exec 3<&-; exec', true],
  ['keeps the lock alone', 'exec env -u VAULTVISOR_CHILD', true],
  ['keeps neither: that is out of reach, as SECURITY.md says', 'exec 3<&-; exec env -u VAULTVISOR_CHILD', false],
])('what forks twice into a session of its own and %s', async (_, how, isFound) => {
  const { request, pids } = wrap(forked(how));
  const { child, stop, exit } = await startRun(request);
  const [pid = 0] = await until(() => (pids().length > 0 ? pids() : null));
  expect(processAt(pid)?.session).not.toBe(child.pid);
  await stop();
  await exit;
  // what has the lock was ended with the run; what has the mark is ended before the next
  const next = await startRun({ ...request, program: script(join(request.home), 'next', 'exec sleep 60') });
  expect(processAt(pid) === null).toBe(isFound);
  await next.stop();
});
