import { execFile } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeDisk } from '../../lab/support/disk/disk.ts';
import type { Finding } from '../../src/doctor/examine.ts';
import { complaintsOf as ofMemory } from '../../src/doctor/machine/memory.ts';
import { complaintsOf as ofNode } from '../../src/doctor/machine/node.ts';
import { complaintsOf as ofFiles } from '../../src/doctor/machine/open-files.ts';
import { noSharing, sharing } from '../support/data-room.ts';
import { makeRoom, noMounts, type Room } from './support/room.ts';

const main = resolve(import.meta.dirname, '../../dist/cli/main.js');

/** The command itself, on a machine that a script makes ill around it. */
function doctorIn(
  room: Room,
  script: string,
  more: readonly string[] = ['--json'],
): Promise<{ code: number; out: string }> {
  const env = { ...process.env, NODE: process.execPath, MAIN: main, ROOM: room.folder, NO_COLOR: '1' };
  const words = ['-c', `${script}\n"$NODE" "$MAIN" doctor --config "$ROOM/args.json" "$@"`, 'sh', ...more];
  return new Promise((done) => {
    execFile('/bin/sh', words, { env }, (error, out) =>
      done({ code: error === null ? 0 : Number(error.code ?? -1), out }),
    );
  });
}

const findings = (out: string): readonly Finding[] => (JSON.parse(out) as { findings: Finding[] }).findings;
const told = (out: string, id: string): string =>
  findings(out)
    .filter((one) => one.id === id)
    .map(({ state, sentence }) => `${state}: ${sentence}`)
    .join('\n');

describe('a machine that is not as it should be', () => {
  test('few open files, a clock that nobody keeps: each is told, with exit 3, and a person reads the worst first', async () => {
    const room = makeRoom();
    await room.args();
    await room.put('bin/timedatectl', '#!/bin/sh\necho NTPSynchronized=no\n', 0o755);
    const script = 'ulimit -n 150; PATH="$ROOM/bin:$PATH"';
    const [json, page] = await Promise.all([doctorIn(room, script), doctorIn(room, script, [])]);
    expect([json.code, page.code]).toEqual([3, 3]);
    expect(told(json.out, 'open-files')).toMatch(
      /^error: Only 150 files may be open; vaultvisor and 1 clients need 160/,
    );
    expect(told(json.out, 'clock-synchronised')).toMatch(/^warning: Nobody keeps the clock/);
    const lines = page.out.split('\n');
    expect(lines[0]).toMatch(/^✖ Only 150 files may be open/);
    expect(lines[1]).toMatch(/^ {4}fix {3}Raise it: LimitNOFILE/);
    expect(lines[2]).toBe('    more  docs/doctor.md#open-files  (open-files)');
    expect(page.out.indexOf('▲ Nobody keeps')).toBeLessThan(page.out.indexOf('✔'));
    expect(lines.at(-2)).toMatch(/^1 error, \d+ warnings?, \d+ notes?; \d+ well, \d+ not looked at$/);
  });

  const isRoot = process.getuid?.() === 0 && noMounts() === null;
  test.skipIf(!isRoot)('a /proc that hides others, and tini not there: told to the daemon’s user', async () => {
    const room = makeRoom();
    await room.args({ parentDeath: 'tini' });
    for (const path of [room.folder, room.home.root, room.file]) chownSync(path, 4711, 4711);
    const hide =
      'for at in /usr/bin/tini /usr/local/bin/tini /sbin/tini; do [ ! -e $at ] || mount --bind /dev/null $at || exit 9; done';
    const script = `exec unshare -m -p -f /bin/sh -c '${hide}; mount -t proc -o hidepid=2 proc /proc || exit 9
      setpriv --reuid=4711 --regid=4711 --clear-groups --bounding-set=-all "$NODE" "$MAIN" doctor --config "$ROOM/args.json" --json; exit $?'`;
    const { code, out } = await doctorIn(room, script);
    expect(code).toBe(3);
    expect(told(out, 'processes-seen')).toMatch(/^warning: The processes of other users are hidden/);
    expect(told(out, 'tini')).toMatch(/^error: parentDeath is “tini”, and tini is not installed/);
    expect(told(out, 'root-user')).toMatch(/^well/);
  });
});

test('a clock that NTP keeps is well', async () => {
  const room = makeRoom();
  await room.args();
  await room.put('bin/timedatectl', '#!/bin/sh\necho NTPSynchronized=yes\n', 0o755);
  room.path(`${room.folder}/bin:${process.env['PATH']}`);
  expect((await room.ask('clock-synchronised')).map(({ state }) => state)).toEqual(['well']);
});

/** Only version 1 lets a test make a group anywhere. */
const groupRoot = '/sys/fs/cgroup/memory';
test('memory that its control group has nearly used up', async () => {
  const room = makeRoom();
  await room.args();
  const group = `${groupRoot}/vaultvisor-doctor-${process.pid}`;
  try {
    mkdirSync(group);
    writeFileSync(`${group}/memory.limit_in_bytes`, String(150 * 2 ** 20));
  } catch (thrown) {
    console.warn(`no control group can be made here: ${String(thrown)}`);
    return;
  }
  onTestFinished(() => void execFile('rmdir', [group]));
  const { out } = await doctorIn(room, `echo $$ > ${group}/cgroup.procs`);
  expect(told(out, 'memory')).toMatch(
    /^(warning|error): Only \d+ MiB of memory are left of the 150 MiB that its host gives/,
  );
});

describe('what differs from machine to machine', () => {
  const now = Date.parse('2026-11-21');
  test.each([
    ['v18.20.8', ['error']],
    ['v20.18.0', ['error']],
    ['v20.20.2', ['warning']],
    ['v23.1.0', ['note']],
    ['v24.1.0', []],
    ['v26.0.0', []],
    ['v27.0.0', []],
  ])('Node %s: %j', (version, severities) => {
    expect(ofNode({ version, now }).map(({ severity }) => severity)).toEqual(severities);
  });

  const mib = 2 ** 20;
  test.each([
    [{ available: 4_000 * mib, limit: null }, []],
    [{ available: 100 * mib, limit: null }, ['warning']],
    [{ available: 50 * mib, limit: null }, ['error']],
    [{ available: 4_000 * mib, limit: { bytes: 512 * mib, left: 60 * mib } }, ['error']],
    [{ available: 4_000 * mib, limit: { bytes: 512 * mib, left: 300 * mib } }, []],
  ])('memory %j: %j', (seen, severities) => {
    expect(ofMemory(seen).map(({ severity }) => severity)).toEqual(severities);
  });

  test.each([
    [{ limit: 150, clients: 1 }, ['error']],
    [{ limit: 1_024, clients: 3 }, ['warning']],
    [{ limit: 1_024, clients: 40 }, ['error']],
    [{ limit: 65_536, clients: 40 }, []],
  ])('open files %j: %j', (seen, severities) => {
    expect(ofFiles(seen).map(({ severity }) => severity)).toEqual(severities);
  });
});

const lacksPackage = noSharing?.lacks === 'package' && process.env['CI'] !== 'true';
test.skipIf(lacksPackage)('whether a backup shares the blocks of the data is tried beside them', async () => {
  const room = makeRoom();
  const data = `${room.folder}/disk/vault/db`;
  await room.args({ data: { dir: data, backupDir: `${room.folder}/disk/backups` } });
  mkdirSync(data, { recursive: true });
  const told = async () => (await room.ask('data-reflink')).map(({ state, sentence }) => `${state}: ${sentence}`);
  if (noSharing !== null) return void console.warn(noSharing.words);
  makeDisk({ at: `${room.folder}/disk`, image: `${room.folder}/image`, ...sharing }).mount();
  mkdirSync(data, { recursive: true });
  expect(await told()).toEqual(['well: Backups share the blocks of the data: they are made in a moment.']);
  await room.args({ data: { dir: data, backupDir: `${room.folder}/elsewhere` } });
  expect(await told()).toEqual([expect.stringMatching(/^note: A backup of the data in .* is a whole copy/)]);
  expect(existsSync(`${room.folder}/elsewhere`)).toBe(false);
});
