import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { born } from '../../../src/core/born.ts';
import type { Instance } from '../../../src/core/instance.ts';
import { type Gatekeeper, openGatekeeper } from '../../../src/daemon/gates/gatekeeper.ts';
import type { GateRecord } from '../../../src/gate/record.ts';
import { createLog } from '../../../src/log.ts';
import { loadGates } from '../../../src/store/state-gates.ts';
import { acceptedClient } from '../../config/args-text.ts';
import { policy } from '../../core/given.ts';
import { deployment, settings } from '../../support/deployments.ts';
import { type FleetLockServer, fleetLockServer } from '../../support/fleet-lock-server.ts';

const never = new AbortController().signal;
const [old, next] = [deployment('old'), deployment('new')];
const begun = { verdict: 'healthy', reason: null, exits: 0 } as const;
const settled: Instance = {
  ...born(settings('old'), null),
  slot: { at: 'running', deployment: old, youngUntil: null, ...begun },
};
const asking: Instance = { ...settled, next: { at: 'staged', deployment: next, since: 0 } };
const onTrial: Instance = {
  ...settled,
  slot: { at: 'probation', deployment: next, boots: 0, since: 0, ...begun, verdict: 'unknown' },
};
const committed: Instance = { ...settled, slot: { at: 'running', deployment: next, youngUntil: null, ...begun } };

interface Scene {
  readonly folder: string;
  readonly path: string;
  readonly alarms: readonly string[];
  value: Instance;
  /** As a daemon that has just begun. */
  open(gates?: object): Promise<Gatekeeper>;
  onDisk(): Promise<GateRecord | null>;
}

async function scene(server: FleetLockServer): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultvisor-test-'));
  const ending = new AbortController();
  const keepers: Gatekeeper[] = [];
  onTestFinished(async () => {
    ending.abort();
    await Promise.all(keepers.map((keeper) => keeper.ended()));
    await rm(folder, { recursive: true, force: true });
  });
  const path = join(folder, 'gates.json');
  const alarms: string[] = [];
  const log = await createLog({ level: 'silent', pretty: false });
  const here: Scene = {
    folder,
    path,
    alarms,
    value: settled,
    onDisk: () => loadGates(path),
    async open(gates = {}) {
      const config = acceptedClient({ client: { gates: { fleetLock: { url: server.url }, ...gates } } });
      const keeper = await openGatekeeper({
        path,
        log,
        signal: ending.signal,
        value: () => here.value,
        policy: () => policy,
        config: () => config,
        place: () => ({ cwd: folder, env: { PATH: process.env['PATH'] ?? '' } }),
        now: Date.now,
        alarm: (about, reason) => void alarms.push(`${about}: ${reason}`),
      });
      keepers.push(keeper);
      return keeper;
    },
  };
  return here;
}

const obtain = (keeper: Gatekeeper) => keeper.holder.obtain(keeper.slot()!, never);

test('a slot is on disk while it is held, kept through the probation, and given back with the commit', async () => {
  const server = await fleetLockServer('airlock');
  const here = await scene(server);
  const keeper = await here.open();
  here.value = asking;
  expect((await obtain(keeper)).is).toBe('granted');
  expect((await here.onDisk())?.slots).toEqual([keeper.slot()]);
  for (const value of [asking, onTrial]) {
    here.value = value;
    keeper.look();
    await keeper.ended();
    expect(server.holders()).toEqual([keeper.slot()?.id]);
  }
  here.value = committed;
  keeper.look();
  await expect.poll(server.holders).toEqual([]);
  await expect.poll(async () => (await here.onDisk())?.slots).toEqual([]);
});

test('what an earlier daemon may have held is given back by the next, however long the server is away', async () => {
  const server = await fleetLockServer('poseidon');
  const here = await scene(server);
  const first = await here.open();
  here.value = asking;
  await obtain(first);
  server.trouble('no store');
  here.value = settled;
  const second = await here.open();
  second.look();
  await expect.poll(() => here.alarms.join()).toContain('could not be given back: 500: context deadline exceeded');
  expect((await here.onDisk())?.slots).toHaveLength(1);
  server.trouble('none');
  await expect.poll(server.holders, { timeout: 20_000 }).toEqual([]);
  await expect.poll(async () => (await here.onDisk())?.slots).toEqual([]);
  expect(here.alarms).toHaveLength(1);
});

test('a daemon that begins in mid-switch asks for its slot again, once', async () => {
  const server = await fleetLockServer('airlock');
  const here = await scene(server);
  const first = await here.open();
  here.value = asking;
  await obtain(first);
  server.free(first.slot()?.id ?? '');
  here.value = onTrial;
  const second = await here.open();
  second.look();
  await expect.poll(server.holders).toEqual([first.slot()?.id]);
  second.look();
  await second.ended();
  expect(server.heard.filter((line) => line.startsWith('pre-reboot'))).toHaveLength(2);
});

test('another server in the file: the slot of the former one is given back there', async () => {
  const [former, present] = [await fleetLockServer('airlock'), await fleetLockServer('airlock')];
  const here = await scene(former);
  const first = await here.open();
  here.value = asking;
  await obtain(first);
  const second = await here.open({ fleetLock: { url: present.url } });
  await obtain(second);
  second.look();
  await expect.poll(former.holders).toEqual([]);
  expect(present.holders()).toHaveLength(1);
});

test('an instance that the file no longer names leaves no slot behind, or says how to free it', async () => {
  const server = await fleetLockServer('airlock');
  const here = await scene(server);
  const keeper = await here.open();
  here.value = asking;
  await obtain(keeper);
  server.trouble('no store');
  await keeper.leave();
  expect(here.alarms.join()).toContain('give it back by hand');
  server.trouble('none');
  await keeper.leave();
  expect(server.holders()).toEqual([]);
});

test('where the disk does not take it nobody is asked', async () => {
  const server = await fleetLockServer('airlock');
  const here = await scene(server);
  const keeper = await here.open();
  await writeFile(join(here.folder, 'in-the-way'), '');
  const blocked = await openGatekeeper({
    path: join(here.folder, 'in-the-way', 'gates.json'),
    log: await createLog({ level: 'silent', pretty: false }),
    signal: never,
    value: () => asking,
    policy: () => policy,
    config: () => acceptedClient({ client: { gates: { fleetLock: { url: server.url } } } }),
    place: () => ({ cwd: here.folder, env: {} }),
    now: Date.now,
    alarm: () => {},
  });
  await expect(obtain(blocked)).rejects.toThrow('could not save what the gates must know');
  expect(server.heard).toEqual([]);
  expect(keeper.book.get().slots).toEqual([]);
});

test('a drain is undone until that succeeds, if what was drained serves on; not after an update', async () => {
  const server = await fleetLockServer('airlock');
  const here = await scene(server);
  const after = join(here.folder, 'after');
  await writeFile(after, `#!/bin/sh\necho ran >> ${after}.log\ntest -e ${after}.may\n`);
  await chmod(after, 0o755);
  const ran = async () => (await readFile(`${after}.log`, 'utf8').catch(() => '')).split('\n').length - 1;
  const keeper = await here.open();
  const drained = () => keeper.book.change((record) => ({ ...record, drained: { of: old.id, after: [after] } }));
  await drained();
  here.value = onTrial;
  keeper.look();
  await keeper.ended();
  here.value = committed;
  keeper.look();
  await expect.poll(async () => (await here.onDisk())?.drained).toBeNull();
  expect(await ran()).toBe(0);

  await drained();
  here.value = settled;
  keeper.look();
  await expect.poll(ran, { timeout: 20_000 }).toBeGreaterThan(0);
  await expect.poll(() => here.alarms.join()).toContain('gates.drain.after exited with status 1');
  expect((await here.onDisk())?.drained?.of).toBe(old.id);
  await writeFile(`${after}.may`, '');
  await expect.poll(async () => (await here.onDisk())?.drained, { timeout: 20_000 }).toBeNull();
});

test('a release is heard of once, over restarts; and only where a gate asks for its age', async () => {
  const server = await fleetLockServer('airlock');
  const here = await scene(server);
  here.value = { ...settled, chain: { ...settled.chain, named: next.release } };
  (await here.open()).look();
  expect(await here.onDisk()).toBeNull();
  (await here.open({ minAge: '1d' })).look();
  await expect.poll(async () => (await here.onDisk())?.heard.length).toBe(1);
  const first = (await here.onDisk())?.heard;
  const again = await here.open({ minAge: '1d' });
  again.look();
  await again.book.note((record) => record);
  expect(await here.onDisk()).toMatchObject({ heard: first });
});

test('what a gate waits for so long at most is forgotten when its update is called off, and kept over a restart', async () => {
  const server = await fleetLockServer('airlock');
  const here = await scene(server);
  here.value = asking;
  const keeper = await here.open();
  await keeper.book.note((record) => ({ ...record, waiting: { of: next.id, since: { metric: 5 } } }));
  keeper.look();
  expect((await here.open()).book.get().waiting).toEqual({ of: next.id, since: { metric: 5 } });
  here.value = settled;
  keeper.look();
  await expect.poll(async () => (await here.onDisk())?.waiting).toBeNull();
});

test('a record that is damaged is told, and keeps nobody from working', async () => {
  const server = await fleetLockServer('airlock');
  const here = await scene(server);
  await writeFile(here.path, '{"schema":1,');
  const keeper = await here.open();
  expect(keeper.book.get().slots).toEqual([]);
  expect(await readFile(`${here.path}.damaged`, 'utf8')).toBe('{"schema":1,');
  here.value = asking;
  expect((await obtain(keeper)).is).toBe('granted');
  expect((await here.onDisk())?.slots).toHaveLength(1);
});
