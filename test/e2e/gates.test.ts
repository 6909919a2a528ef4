import { chmod, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildRelease } from '../../demo/release.ts';
import { type DevChain, startDevChain } from '../../devchain/dev-chain.ts';
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import { fleetLockServer } from '../support/fleet-lock-server.ts';
import { createWorld, runs, twice, type World } from '../support/world.ts';

const place = 'kintsugi/vault';
/** Opens twelve hours from now, whenever that is. */
const closed = { cron: `0 ${(new Date().getUTCHours() + 12) % 24} * * *`, for: '1h' };

const waitsFor =
  (...words: readonly string[]) =>
  ({ next }: InstanceStatus): boolean =>
    next?.state === 'staged' && words.every((each) => next.waitsFor?.includes(each));

/** A client that shows its open payments on a Prometheus page. */
async function nameWithPage(world: World, version: string, port: number, paid: string): Promise<{ checksum: string }> {
  const built = buildRelease({ version, manner: 'steady' });
  const page = `
require('node:http').createServer((_, out) => out.end(fs.readFileSync(${JSON.stringify(paid)}, 'utf8'))).listen(${port}, '127.0.0.1');
`;
  const path = join(world.folder, `vault-${version}`);
  await writeFile(path, Buffer.concat([built.bytes, Buffer.from(page)]));
  return world.nameFile(place, path, version);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A command that notes that it was run and exits as a file says. */
async function script(world: World, name: string, status: number, first = ':'): Promise<string> {
  const path = join(world.folder, name);
  await exitsWith(path, status);
  await writeFile(
    path,
    `#!/bin/sh\necho "$VAULTVISOR_CHECKSUM" >> ${path}.asked\n${first}\nexit "$(cat ${path}.status)"\n`,
  );
  await chmod(path, 0o755);
  return path;
}

const exitsWith = (path: string, status: number) => writeFile(`${path}.status`, String(status));
const timesAsked = async (path: string) =>
  (await readFile(`${path}.asked`, 'utf8').catch(() => '')).split('\n').length - 1;

test('the old client serves while each gate waits, and status says what for; with the last it is switched', async () => {
  const world = await createWorld();
  const server = await fleetLockServer('airlock');
  const [port, paid] = [await freePort(), join(world.folder, 'page')];
  await writeFile(paid, '# TYPE redeem_count gauge\nredeem_count 1\n');
  const [drain, slow] = [await script(world, 'drain', 75), await script(world, 'slow', 0, 'sleep 600')];
  const gates = (of: object) => world.write({ [place]: { gates: of } });

  const first = await nameWithPage(world, '1.0.0', port, paid);
  await gates({ windows: [closed] });
  const daemon = world.start();
  // nothing serves yet, so there is nothing that a window could save
  const before = await world.until('the first runs', runs(first));
  const second = await nameWithPage(world, '1.1.0', port, paid);
  await world.until('it waits for the window', waitsFor('the maintenance window that opens', 'UTC'));
  await gates({ minAge: '2h' });
  await world.until('it waits for its age', waitsFor('old enough (gates.minAge)'));
  await gates({ rolloutWindow: '36500d', rolloutGroup: 'hosts' });
  await world.until('it waits for its turn', waitsFor('its turn in the rollout'));
  const metric = { url: `http://127.0.0.1:${port}/metrics`, name: 'redeem_count', max: 0 };
  await gates({ metrics: [metric] });
  await world.until('it waits for the payment', waitsFor('redeem_count is 1 (at most 0)', ' at most'));
  await writeFile(paid, '<html>not a page of metrics</html>');
  await gates({ metrics: [metric], urgentWait: '2m' });
  await world.until('it says that the page is none', waitsFor('redeem_count is not on the page'));
  await writeFile(paid, 'redeem_count 0\n');
  server.take('another');
  const fleetLock = { url: server.url };
  await gates({ metrics: [metric], fleetLock });
  await world.until('it waits for a slot', waitsFor('FleetLock group default', 'all 1 semaphore slots'));
  expect(await world.status()).toMatchObject({ child: before.child, current: before.current, ok: true });

  daemon.kill('SIGKILL');
  await daemon.ended;
  world.start();
  const again = await world.until('another daemon goes on waiting', waitsFor('FleetLock group default'));
  expect(again.current).toEqual(before.current);

  server.trouble('silent');
  await gates({ metrics: [metric], fleetLock, urgentWait: '3m' });
  await world.until('a silent server is no grant', waitsFor('no answer within 10 s'));
  server.trouble('none');
  server.free('another');
  await gates({ metrics: [metric], fleetLock, drain: { command: [slow] } });
  await world.until('it says that the drain goes on', waitsFor('the drain command (gates.drain), which runs until'));
  const withDrain = { metrics: [metric], fleetLock, drain: { command: [drain], after: ['/bin/false'] } };
  await gates(withDrain);
  await world.until('it waits for the drain', waitsFor('the drain command', 'says not yet', 'its deadline is'));
  expect(server.holders()).toHaveLength(1);
  const drained = await world.status();
  expect(drained?.current?.checksum).toBe(first.checksum);
  await exitsWith(drain, 0);
  await gates({ ...withDrain, urgentWait: '4m' });
  await world.until('the second runs', runs(second));
  await expect.poll(() => server.holders(), { timeout: 20_000 }).toEqual([]);
  expect(await readFile(`${drain}.asked`, 'utf8')).toContain(second.checksum);
  expect(await twice(world)).toEqual([]);
  const told = (await world.history()).filter(({ event }) => event === 'gateWaits').map(({ gate }) => gate);
  expect([...new Set(told)]).toEqual(['window', 'minAge', 'rollout', 'metric', 'fleetLock', 'drain']);
}, 180_000);

test('an update that is called off or goes back gives its slot back and undoes the drain', async () => {
  const world = await createWorld();
  const server = await fleetLockServer('poseidon');
  const [drain, after] = [await script(world, 'drain', 75), await script(world, 'after', 0)];
  const gates = (of: object = {}) =>
    world.write({
      [place]: { gates: { fleetLock: { url: server.url }, drain: { command: [drain], after: [after] }, ...of } },
    });
  const first = await world.name(place, { version: '1.0.0', manner: 'steady' });
  await gates();
  world.start();
  const before = await world.until('the first runs', runs(first));
  expect(server.heard).toEqual([]);

  await world.name(place, { version: '1.1.0', manner: 'steady' });
  await world.until('it waits for the drain', waitsFor('the drain command'));
  expect(server.holders()).toHaveLength(1);
  await world.name(place, { version: '1.0.0', manner: 'steady' });
  await world.until('it is withdrawn', ({ next }) => next === null);
  await expect.poll(() => server.holders(), { timeout: 20_000 }).toEqual([]);
  await expect.poll(() => timesAsked(after), { timeout: 20_000 }).toBe(1);
  expect((await world.status())?.child).toEqual(before.child);

  await exitsWith(drain, 0);
  const bad = await world.name(place, { version: '1.2.0', manner: 'crash' });
  const back = await world.until('it goes back', ({ quarantined, verdict, child }) => {
    return quarantined.some(({ checksum }) => checksum === bad.checksum) && verdict === 'healthy' && child !== null;
  });
  expect(back.current?.checksum).toBe(first.checksum);
  await expect.poll(() => server.holders(), { timeout: 20_000 }).toEqual([]);
  await expect.poll(() => timesAsked(after), { timeout: 20_000 }).toBe(2);
  expect(await twice(world)).toEqual([]);
}, 120_000);

test('an urgent release passes what only chooses the hour, waits for the rest so long at most, and says so; a hold it never passes', async () => {
  const world = await createWorld();
  const server = await fleetLockServer('airlock');
  const drain = await script(world, 'drain', 75);
  const first = await world.name(place, { version: '1.0.0', manner: 'steady' });
  await world.write({
    [place]: {
      gates: {
        windows: [closed],
        minAge: '2h',
        rolloutWindow: '36500d',
        rolloutGroup: 'hosts',
        fleetLock: { url: server.url },
        urgentWait: '1s',
        drain: { command: [drain], deadline: '1s' },
      },
    },
  });
  world.start();
  await world.until('the first runs', runs(first));
  server.take('another');
  expect((await world.run('hold')).code).toBe(0);
  const second = await world.name(place, { version: '1.1.0', manner: 'steady' }, { terms: { urgent: true } });
  const held = await world.until('it is held, urgent or not', waitsFor('held by a person'));
  expect(held.current?.checksum).toBe(first.checksum);
  expect(server.heard).toEqual([]);
  expect((await world.run('unhold')).code).toBe(0);
  await world.until('it has come', runs(second));
  const told = (await world.history()).filter(({ event }) => event === 'gateOverridden').map(({ gate }) => gate);
  expect([...new Set(told)]).toEqual(['window', 'minAge', 'rollout', 'fleetLock', 'drain']);
  expect(server.holders()).toEqual(['another']);
  expect(await twice(world)).toEqual([]);
}, 180_000);

test('what nobody approved waits with the command to say, and what the lists keep out never comes', async () => {
  const world = await createWorld();
  const first = await world.name(place, { version: '1.0.0', manner: 'steady' });
  const gates = { approval: 'required', deny: ['1.2.x'] };
  await world.write({ [place]: { gates } });
  world.start();
  await world.until('even the first waits', waitsFor(`vaultvisor approve ${first.checksum}`));
  expect((await world.run('approve', place, first.checksum)).out).toContain('has the approval of');
  await world.until('the first runs', runs(first));

  const second = await world.name(place, { version: '1.1.0', manner: 'steady' }, { terms: { urgent: true } });
  await world.until('the second waits, urgent or not', waitsFor(`vaultvisor approve ${second.checksum}`));
  const third = await world.name(place, { version: '1.2.0', manner: 'steady' }, { terms: { urgent: true } });
  const denied = await world.until('the third is refused', ({ trouble }) => trouble?.includes('gates.deny') ?? false);
  expect(denied).toMatchObject({ next: null, current: { checksum: first.checksum } });
  expect((await world.run('approve', third.checksum)).code).toBe(0);
  expect((await world.run('pin', third.checksum)).err).toContain('gates.deny');
  expect((await world.run('approve', second.checksum)).code).toBe(0);
  expect((await world.run('approve', second.checksum, '--withdraw')).out).toContain('no longer has the approval');
  await world.name(place, { version: '1.1.0', manner: 'steady' });
  await world.until('the second waits again', waitsFor(`vaultvisor approve ${second.checksum}`));
  expect((await world.run('check')).out).toContain('it would wait for the approval of a person');
  expect((await world.run('approve', second.checksum)).code).toBe(0);
  await world.until('the second runs', runs(second));
}, 120_000);

describe('on a chain', () => {
  let chain: DevChain;
  beforeAll(async () => {
    chain = await startDevChain({ blocks: 'manual' });
    for (let block = 0; block < 8; block += 1) await chain.newBlock();
  });
  afterAll(() => chain.stop());

  test('an update waits for a finalised block and for a runtime, and is entered with them', async () => {
    const world = await createWorld();
    const first = await world.name(place, { version: '1.0.0', manner: 'steady' });
    const release = { source: 'manifest', url: `file://${world.folder}/kintsugi-vault.json`, interval: '100ms' };
    const account = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
    const vault = { release, account, guard: { watch: '0s' } };
    const write = (gates: object) =>
      world.write(
        {},
        { networks: { kintsugi: { endpoints: [chain.endpoint], clients: { vault: { ...vault, gates } } } } },
      );
    await write({});
    world.start();
    const before = await world.until('the first runs', runs(first));

    const newest = (await chain.newBlock()).number;
    await write({ block: newest + 2, specVersion: { min: 2 } });
    await world.run('apply');
    const second = await world.name(place, { version: '1.1.0', manner: 'steady' });
    const words = [`finalised block ${newest + 2} (the chain has`, 'spec version 2 or higher (the chain has 1)'];
    await world.until('it waits for both', waitsFor(...words));
    await chain.newBlock();
    await chain.newBlock();
    const still = ({ next }: InstanceStatus) =>
      next?.waitsFor?.includes('spec version 2') === true && !next.waitsFor.includes('finalised block');
    await world.until('it waits for the runtime', still);
    expect((await world.status())?.child).toEqual(before.child);
    await chain.upgradeRuntime();
    await world.until('the second runs', runs(second));
    expect(await twice(world)).toEqual([]);
  }, 120_000);
});
