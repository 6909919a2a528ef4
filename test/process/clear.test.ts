import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, linkSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { type ChildRecord, openRecord, readRecord } from '../../src/process/child-record.ts';
import { clearTheWay } from '../../src/process/clear.ts';
import { takeLock } from '../../src/process/lock.ts';
import { lockPath } from '../../src/process/lock-names.ts';
import { bootId, machineTime } from '../../src/process/machine.ts';
import { processAt } from '../../src/process/who/processes.ts';
import { exitOf, hasExited, startHolder } from '../support/process/orphan.ts';
import { identityIn, requestIn } from '../support/process/request.ts';
import { program, scratch, script, textOf, until } from '../support/process/scratch.ts';

const never = new AbortController().signal;
const FOREVER = ['-c', 'while :; do sleep 0.05; done'];
const DEAF = ['-c', 'trap "" INT; while :; do sleep 0.05; done'];
/** A shell starts its background commands deaf to SIGINT (POSIX), so where those must hear it is another signal. */
const TERM = { signal: 'SIGTERM', grace: 20_000 } as const;
const noFiles = { programs: async () => [] };

async function clear(request: Parameters<typeof clearTheWay>[0], signal = never): Promise<void> {
  for (const lock of await clearTheWay(request, signal)) lock.release();
}

function recordOf(
  pid: number,
  own: Partial<NonNullable<ChildRecord['child']>> = {},
  locks: readonly string[] = [],
): string {
  const child = { pid, start: processAt(pid)?.start ?? 0, boot: bootId(), asked: null, ...own };
  return JSON.stringify({ schema: 1, identity: 'any', locks, child } satisfies ChildRecord);
}

test('with nobody in the way it takes every lock, in the order asked for', async () => {
  const folder = scratch();
  const locks = ['z', 'a', 'm'].map((name) => lockPath(folder, name));
  const taken = await clearTheWay({ ...requestIn(folder, { program: '/none' }), locks }, never);
  expect(taken.map(({ path }) => path)).toEqual(locks);
  for (const path of locks) expect(await takeLock(path)).toBeNull();
  for (const lock of taken) lock.release();
});

test('an orphan that executes a file of ours is asked, leaves, and only then the lock is had', async () => {
  const folder = scratch();
  const vault = program(folder, 'vault');
  const request = requestIn(folder, { program: vault });
  const orphan = await startHolder(request.locks[0]!, vault, ['-c', 'trap "exit 7" INT; while :; do sleep 0.05; done']);
  await pause(100); // until the trap is set
  const taken = await clearTheWay(request, never);
  expect(processAt(orphan.pid)).toBeNull();
  expect(await exitOf(orphan)).toEqual({ code: 7, signal: null });
  for (const lock of taken) lock.release();
});

test('so is an orphan that is a script: its interpreter is not ours, its text is', async () => {
  const folder = scratch();
  const oracle = script(folder, 'oracle', 'trap "exit 7" INT; while :; do sleep 0.05; done');
  const request = requestIn(folder, { program: oracle });
  const orphan = await startHolder(request.locks[0]!, oracle, []);
  await pause(100);
  await clear(request);
  expect(await exitOf(orphan)).toEqual({ code: 7, signal: null });
});

test('a deaf orphan is killed when the grace is over', async () => {
  const folder = scratch();
  const vault = program(folder, 'vault');
  const request = requestIn(folder, { program: vault, stop: { signal: 'SIGINT', grace: 150 } });
  const orphan = await startHolder(request.locks[0]!, vault, DEAF);
  await pause(100);
  await clear(request);
  expect(await exitOf(orphan)).toEqual({ code: null, signal: 'SIGKILL' });
});

test('the grace goes on after a restart: one that was asked long ago is killed, one that was asked now gets all of it', async () => {
  const folder = scratch();
  const vault = program(folder, 'vault');
  const request = requestIn(folder, { program: vault, stop: { signal: 'SIGINT', grace: 30_000 }, ...noFiles });
  const orphan = await startHolder(request.locks[0]!, vault, DEAF);
  await pause(100);
  const at = machineTime() - 1;
  writeFileSync(request.record, recordOf(orphan.pid, { asked: { at, sent: true } }));
  const controller = new AbortController();
  const first = clearTheWay(request, controller.signal);
  await pause(300);
  expect(hasExited(orphan)).toBe(false);
  controller.abort(new Error('restart'));
  await expect(first).rejects.toThrow('restart');
  const record = JSON.parse(readFileSync(request.record, 'utf8')) as ChildRecord;
  expect(record.child?.asked).toEqual({ at, sent: true });
  // The same moment, seen 30 s later: a grace that is that much shorter.
  await clear({ ...request, stop: { signal: 'SIGINT', grace: 1 } });
  expect(await exitOf(orphan)).toEqual({ code: null, signal: 'SIGKILL' });
});

test('an old question to another process is none to this one', async () => {
  const folder = scratch();
  const vault = program(folder, 'vault');
  const request = requestIn(folder, { program: vault });
  const asked = { at: machineTime() - 3_600_000, sent: true };
  writeFileSync(request.record, recordOf(1, { start: 1, asked }));
  const orphan = await startHolder(request.locks[0]!, vault, ['-c', 'trap "exit 7" INT; while :; do sleep 0.05; done']);
  await pause(100);
  await clear(request);
  expect(await exitOf(orphan)).toEqual({ code: 7, signal: null });
});

test('a foreign holder is named, waited for, and never touched', async () => {
  const folder = scratch();
  const said: (string | null)[] = [];
  const request = requestIn(folder, {
    program: program(folder, 'vault'),
    stop: { signal: 'SIGINT', grace: 1 },
    blocked: (words) => void said.push(words),
  });
  const foreign = await startHolder(request.locks[0]!, '/bin/sh', [
    '-c',
    'trap "exit 9" INT TERM; while :; do sleep 0.05; done',
  ]);
  writeFileSync(request.record, recordOf(foreign.pid, { start: processAt(foreign.pid)!.start - 1 })); // its pid was used before
  const clearing = clearTheWay(request, never);
  await until(() => said.length > 0);
  expect(said[0]).toContain(`pid ${foreign.pid} (/bin/sh`);
  expect(said[0]).toContain('will not end it');
  await pause(300);
  expect(hasExited(foreign)).toBe(false);
  process.kill(-foreign.pid, 'SIGKILL');
  for (const lock of await clearing) lock.release();
  expect(said.at(-1)).toBeNull();
});

test('what is refused is never signalled: it is told of once with the command that ends it, and waited for', async () => {
  const folder = scratch();
  const said: (string | null)[] = [];
  const orphans: unknown[] = [];
  const request = requestIn(folder, {
    program: '/none',
    ...noFiles,
    stop: { signal: 'SIGTERM', grace: 1 },
    refuses: true,
    blocked: (words) => void said.push(words),
    orphans: (pids, action) => void orphans.push([pids, action]),
  });
  const heard = join(folder, 'heard');
  const body = `trap "touch ${heard}; exit 0" TERM INT; while :; do sleep 0.05; done`;
  const orphan = await startHolder(request.locks[0]!, '/bin/sh', ['-c', body], {
    VAULTVISOR_CHILD: identityIn(folder),
  });
  writeFileSync(request.record, recordOf(orphan.pid, { asked: { at: machineTime() - 1, sent: true } }));
  const clearing = clearTheWay(request, never);
  await until(() => said.length > 0);
  expect(said[0]).toContain(`pid ${orphan.pid} (/bin/sh`);
  expect(said[0]).toContain(`kill -TERM ${orphan.pid}`);
  await pause(500);
  expect(hasExited(orphan)).toBe(false);
  expect(existsSync(heard)).toBe(false);
  process.kill(orphan.pid, 'SIGTERM');
  for (const lock of await clearing) lock.release();
  expect(said.at(-1)).toBeNull();
  expect(orphans).toEqual([[expect.arrayContaining([orphan.pid]), 'refused']]);
});

const anothers = { VAULTVISOR_CHILD: 'another'.padEnd(64, '0') };
test.each([
  ['the shared lock, marked as its own', 'shared', anothers],
  ['the shared lock, its mark lost', 'shared', {}],
  ['our very lock, marked as its own', 'own', anothers],
])("another instance's child is not ours, though it runs the same bytes and has %s", async (_, which, env) => {
  const folder = scratch();
  const vault = program(folder, 'vault');
  linkSync(vault, join(folder, 'same-bytes'));
  const shared = lockPath(folder, 'bitcoin-wallet');
  const said: (string | null)[] = [];
  const base = requestIn(folder, { program: join(folder, 'same-bytes'), stop: { signal: 'SIGINT', grace: 1 } });
  const own = base.locks[0]!;
  const blocked = (words: string | null) => void said.push(words);
  const other = await startHolder(which === 'own' ? own : shared, vault, FOREVER, env);
  const controller = new AbortController();
  const clearing = clearTheWay({ ...base, locks: [own, shared], blocked }, controller.signal);
  await until(() => said.length > 0);
  await pause(200);
  expect(hasExited(other)).toBe(false);
  const unaffected = await takeLock(which === 'own' ? shared : own);
  expect(unaffected).not.toBeNull(); // while it waits for one it keeps nobody from another
  unaffected?.release();
  controller.abort();
  await expect(clearing).rejects.toBeDefined();
});

test('what dropped the lock is found by its mark, and ended too', async () => {
  const folder = scratch();
  const request = requestIn(folder, { program: '/none', ...noFiles });
  const elsewhere = join(folder, 'elsewhere.lock');
  const stray = await startHolder(elsewhere, '/bin/sh', FOREVER, { VAULTVISOR_CHILD: identityIn(folder) });
  const stranger = await startHolder(join(folder, 'other.lock'), '/bin/sh', FOREVER, {
    VAULTVISOR_CHILD: 'f'.repeat(64),
  });
  await clear(request);
  expect(processAt(stray.pid)).toBeNull();
  expect(hasExited(stranger)).toBe(false);
});

test('a recorded child that dropped lock and mark is ended by pid, start and boot; one of another boot is left alone', async () => {
  const folder = scratch();
  const request = requestIn(folder, { program: '/none', ...noFiles });
  const child = spawn('/bin/sh', FOREVER, { stdio: 'ignore' }) as ChildProcess & { pid: number }; // in our own group
  writeFileSync(request.record, recordOf(child.pid, { boot: 'another' }));
  await clear(request);
  expect(hasExited(child)).toBe(false);
  writeFileSync(request.record, recordOf(child.pid));
  await clear(request);
  expect(processAt(child.pid)).toBeNull();
});

test('the locks of the last spawn are proved free, whatever the configuration names now', async () => {
  const folder = scratch();
  const former = lockPath(folder, 'former-identity');
  const request = requestIn(folder, { program: '/none', ...noFiles });
  const orphan = await startHolder(former, '/bin/sh', FOREVER);
  writeFileSync(request.record, recordOf(orphan.pid, {}, [former]));
  const taken = await clearTheWay(request, never);
  expect(processAt(orphan.pid)).toBeNull();
  expect(taken.map(({ path }) => path)).toEqual(request.locks);
  const released = await takeLock(former);
  expect(released).not.toBeNull();
  for (const lock of [...taken, released]) lock?.release();
});

test('who has a lock of the last spawn and is not known to be ours is waited for', async () => {
  const folder = scratch();
  const former = lockPath(folder, 'former-identity');
  const said: (string | null)[] = [];
  const request = requestIn(folder, { program: '/none', ...noFiles, blocked: (words) => void said.push(words) });
  const holder = await startHolder(former, '/bin/sh', FOREVER);
  writeFileSync(request.record, recordOf(2 ** 22 + 1, {}, [former]));
  const clearing = clearTheWay(request, never);
  await until(() => said.length > 0);
  expect(hasExited(holder)).toBe(false);
  process.kill(-holder.pid, 'SIGKILL');
  for (const lock of await clearing) lock.release();
});

test('what is left in the group of the recorded child is ended, though it dropped lock and mark', async () => {
  const folder = scratch();
  const pids = join(folder, 'pids');
  const request = requestIn(folder, { program: '/none', stop: TERM, ...noFiles });
  const leaving = `/bin/sh -c 'exec 3<&-; while :; do sleep 0.05; done' & echo $! >"${pids}"; sleep 0.3`;
  const child = await startHolder(request.locks[0]!, '/bin/sh', ['-c', leaving]);
  writeFileSync(request.record, recordOf(child.pid));
  await exitOf(child);
  const left = Number(textOf(pids));
  expect(processAt(left)).not.toBeNull();
  await clear(request);
  expect(processAt(left)).toBeNull();
});

test('an orphan is asked alone: what it started is its own to end', async () => {
  const folder = scratch();
  const heard = join(folder, 'heard');
  const ready = join(folder, 'ready');
  const helper = `/bin/sh -c 'trap "touch ${heard}; exit" TERM; touch ${ready}; while :; do sleep 0.05; done' &`;
  const body = `trap 'sleep 0.5; kill -KILL $!; exit 0' TERM; ${helper} while :; do sleep 0.05; done`;
  const request = requestIn(folder, { program: '/none', stop: TERM, ...noFiles });
  const orphan = await startHolder(request.locks[0]!, '/bin/sh', ['-c', body], {
    VAULTVISOR_CHILD: identityIn(folder),
  });
  writeFileSync(request.record, recordOf(orphan.pid));
  await until(() => existsSync(ready));
  await clear(request);
  expect(existsSync(heard)).toBe(false);
});

test('what an orphan forked and left behind is ended with it', async () => {
  const folder = scratch();
  const vault = program(folder, 'vault');
  const pids = join(folder, 'pids');
  const request = requestIn(folder, { program: vault, stop: { signal: 'SIGINT', grace: 400 } });
  const forked = `trap "exit 0" INT; /bin/sh -c 'trap "" INT; while :; do sleep 0.05; done' & echo $! >"${pids}"; while :; do sleep 0.05; done`;
  const orphan = await startHolder(request.locks[0]!, vault, ['-c', forked]);
  const left = Number(await until(() => textOf(pids).trim()));
  writeFileSync(request.record, recordOf(orphan.pid));
  await clear(request);
  expect(processAt(orphan.pid)).toBeNull();
  expect(processAt(left)).toBeNull();
});

test('a helper that a killed supervisor left is ended, and no client', async () => {
  const folder = scratch();
  const said: (string | null)[] = [];
  const request = {
    ...requestIn(folder, { program: '/none', ...noFiles }),
    blocked: (words: string | null) => void said.push(words),
  };
  const helper = await startHolder(request.locks[0]!, 'flock', ['-x', '3'], {
    VAULTVISOR_HELPER: identityIn(folder),
    VAULTVISOR_STARTER: '1',
  });
  await exitOf(helper); // it has the lock already, so it leaves; now one that waits
  const held = await startHolder(request.locks[0]!, '/bin/sh', FOREVER, { VAULTVISOR_CHILD: identityIn(folder) });
  await clear(request);
  expect(hasExited(held)).toBe(true);
  expect(said.filter((words) => words !== null)).toEqual([]);
});

test.each([
  ['missing', null],
  ['empty', ''],
  ['torn', '{"schema":1,"ident'],
  ['of another time', '{"schema":2,"identity":"x","locks":[]}'],
  ['of wrong types', '{"schema":1,"identity":7,"locks":"a","child":[]}'],
  ['nothing', 'null'],
])('a record that is %s keeps nobody down', async (_, text) => {
  const folder = scratch();
  const request = requestIn(folder, { program: '/none', ...noFiles });
  if (text !== null) writeFileSync(request.record, text);
  await clear(request);
  expect(existsSync(request.locks[0]!)).toBe(true);
});

test('a record that cannot be read for want of descriptors is not taken for none: its locks would not be proved', () => {
  const folder = scratch();
  const path = join(folder, 'child.json');
  writeFileSync(path, JSON.stringify({ schema: 1, identity: 'x', locks: ['/lock'], child: null }));
  const code = `
    import { openSync } from 'node:fs';
    import { openRecord } from ${JSON.stringify(new URL('../../build/process/child-record.js', import.meta.url).href)};
    const read = () => { try { return openRecord(${JSON.stringify(path)}).now().locks; } catch ({ code, message }) { return [code, message]; } };
    const before = read();
    try { for (;;) openSync('/dev/null'); } catch {}
    console.log(JSON.stringify([before, read()]));
  `;
  const words = ['-c', 'ulimit -n 64; exec "$0" --input-type=module -e "$1"', process.execPath, code];
  const [before, after] = JSON.parse(execFileSync('sh', words, { encoding: 'utf8' }));
  expect(before).toEqual(['/lock']);
  expect(after).toEqual(['io', expect.stringContaining('EMFILE')]);
});

test('a record that cannot be saved does not keep an orphan alive', async () => {
  const folder = scratch();
  const vault = program(folder, 'vault');
  const save = async () => {
    throw new Error('ENOSPC');
  };
  const request = requestIn(folder, { program: vault, save });
  const orphan = await startHolder(request.locks[0]!, vault, FOREVER);
  await clear(request);
  expect(processAt(orphan.pid)).toBeNull();
});

test('a record that could not be saved is there when the disk takes it again, unless a newer one is', async () => {
  const folder = scratch();
  const path = join(folder, 'child.json');
  let full = true;
  const save = async (file: string, text: string) => {
    if (full) throw new Error('ENOSPC');
    writeFileSync(file, text);
  };
  const keeper = openRecord(path, save, silentLog);
  const record = (identity: string) => ({ schema: 1 as const, identity, locks: [], child: null });
  await keeper.keep(record('first'));
  await keeper.keep(record('second'));
  expect(existsSync(path)).toBe(false);
  full = false;
  await until(() => existsSync(path));
  expect(readRecord(path)).toMatchObject({ identity: 'second' });
  await openRecord(path, save, silentLog).keep(record('third'));
  await pause(2_500); // longer than any try of the first two
  expect(readRecord(path)).toMatchObject({ identity: 'third' });
});

test('a lock that is held by nobody to be seen is told of, and waited for', async () => {
  const folder = scratch();
  const said: (string | null)[] = [];
  const request = requestIn(folder, { program: '/none', ...noFiles, blocked: (words) => void said.push(words) });
  const ours = await takeLock(request.locks[0]!); // this very process is the one that it does not look at
  const clearing = clearTheWay(request, never);
  await until(() => said.length > 0);
  expect(said[0]).toContain('cannot be seen from here');
  ours?.release();
  for (const lock of await clearing) lock.release();
  expect(said.at(-1)).toBeNull();
});
