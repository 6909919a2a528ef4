import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DevChain, startDevChain } from '../../devchain/dev-chain.ts';
import { SETTLING } from '../../src/core/vigil.ts';
import { createWorld, runs, twice, type World } from '../support/world.ts';

// A chain whose blocks come only when they are asked for, and on which //Alice signs: she is the copy on another machine.
const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const WATCH = 3;

let chain: DevChain;

beforeAll(async () => {
  chain = await startDevChain({ blocks: 'manual' });
  // blocks enough to tell how soon one follows the other: a second of its clock
  await build(8);
});
afterAll(() => chain.stop());

async function guarded(): Promise<World> {
  const world = await createWorld();
  const network = { endpoints: [chain.endpoint] };
  const release = { source: 'manifest', url: `file://${world.folder}/kintsugi-vault.json`, interval: '100ms' };
  const vault = { release, account: alice, guard: { watch: `${WATCH}s` } };
  await world.write({}, { networks: { kintsugi: { ...network, clients: { vault } } } });
  return world;
}

const build = async (count: number) => {
  for (let block = 0; block < count; block += 1) await chain.newBlock();
};
const sign = () => chain.setCurrentRelease('somebody', 'https://example.org/v1', 'c1'.repeat(32));
const watches = ({ guard }: { guard: { state: string; until: number | null } | null }) =>
  guard?.state === 'watching' && guard.until !== null;
const newest = async () => (await chain.api().rpc.chain.getHeader()).number.toNumber();
/** The daemon has read the newest block. */
const caughtUp = async (world: World) => {
  const number = await newest();
  await world.until('it has read the newest block', (status) => (status.chain?.finalized?.number ?? number) >= number);
};
const events = async (world: World) => (await world.history()).map(({ event }) => event);
const recordOf = (world: World) => join(world.home, 'instances/kintsugi/vault/guard.json');

test('the first start on a machine waits until the account was quiet, and says until which block', async () => {
  const world = await guarded();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  const daemon = world.start();
  const begun = await newest();
  const waiting = await world.until('it watches', watches);
  expect(waiting).toMatchObject({ child: null, ok: false, guard: { account: alice, until: begun + SETTLING + WATCH } });
  expect(waiting.blocked).toBe(
    `watching account 5GrwvaEF… until block #${begun + SETTLING + WATCH} before the first start on this machine`,
  );
  expect((await world.run('status')).code).toBe(3);
  await build(SETTLING + WATCH - 1);
  expect(await world.status()).toMatchObject({ child: null, guard: { state: 'watching' } });
  await build(2);
  await world.until('it runs', runs(one));
  expect(await world.status()).toMatchObject({ guard: null, blocked: null, ok: true });
  expect(await events(world)).toContain('guardPassed');

  // what it signs itself is its own affair
  await sign();
  await build(SETTLING + WATCH);
  expect(await world.status()).toMatchObject({ guard: null, ok: true });
  daemon.kill('SIGTERM');
  await daemon.ended;
  world.start();
  await world.until('it runs again without a watch: the machine is known', runs(one));
  expect((await events(world)).filter((event) => event === 'guardPassed')).toHaveLength(1);
});

test('a copy that signs meanwhile is refused, with its extrinsic; also after a restart; a start watches anew', async () => {
  const world = await guarded();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  const daemon = world.start();
  await world.until('it watches', watches);
  await build(SETTLING);
  await chain.newBlock();
  const guilty = await sign();
  const refused = await world.until('it is refused, and which call it was', ({ guard }) =>
    Boolean(guard?.state === 'refused' && guard.reason.includes('sudo.sudo')),
  );
  const { block } = await chain.api().rpc.chain.getBlock(guilty.hash);
  const index = block.extrinsics.findIndex(({ isSigned }) => isSigned);
  const hash = block.extrinsics[index]?.hash.toHex();
  expect(refused).toMatchObject({ child: null, ok: false });
  expect(refused.blocked).toContain(
    `signed sudo.sudo, extrinsic ${hash} (${guilty.number}-${index}) while this client was down`,
  );
  expect(refused.blocked).toContain('vaultvisor start kintsugi/vault --skip-guard');
  await expect
    .poll(world.history)
    .toContainEqual(
      expect.objectContaining({ event: 'guardRefused', block: guilty.number, extrinsic: hash, call: 'sudo.sudo' }),
    );
  expect((await world.run('status')).code).toBe(3);
  expect((await world.run('start')).code).toBe(75);

  // that start has begun another watch; it is refused as before, and stays so over a restart
  await build(1);
  await world.until('it watches anew', watches);
  await build(SETTLING + 1);
  await sign();
  await world.until('it is refused again', ({ guard }) => guard?.state === 'refused');
  daemon.kill('SIGKILL');
  await daemon.ended;
  world.start();
  await world.until('it is still refused', ({ guard, child }) => guard?.state === 'refused' && child === null);
  await build(SETTLING + WATCH + 2);
  expect(await world.status()).toMatchObject({ child: null, guard: { state: 'refused' } });

  await world.run('start');
  await build(1);
  await world.until('it watches once more', watches);
  await build(SETTLING + WATCH + 1);
  await world.until('it runs: the other one is gone', runs(one));
  expect(await twice(world)).toEqual([]);
});

test('what happened while nobody looked is seen all the same: a supervisor that was stopped, a new runtime', async () => {
  const world = await guarded();
  await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  const daemon = world.start();
  await world.until('it watches', watches);
  await build(SETTLING + 1);
  await caughtUp(world);
  daemon.kill('SIGSTOP');
  await build(2);
  // signed by the account, and a new runtime with its next block
  const { number } = await chain.upgradeRuntime();
  await build(WATCH + 5);
  daemon.kill('SIGCONT');
  const refused = await world.until('it is refused', ({ guard }) => Boolean(guard?.reason.includes('extrinsic 0x')));
  expect(refused).toMatchObject({ child: null, guard: { state: 'refused' } });
  expect(refused.blocked).toContain(`(${number - 1}-`);
});

test('what was still on its way when the other machine let go is nobody else', async () => {
  const world = await guarded();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  world.start();
  await world.until('it watches', watches);
  await build(SETTLING - 3);
  await sign();
  await build(WATCH + 5);
  await world.until('it runs', runs(one));
});

test('a person can start it all the same, which is recorded with who and when', async () => {
  const world = await guarded();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  world.start();
  await world.until('it watches', watches);
  const started = await world.run('start', '--skip-guard');
  expect(started).toMatchObject({ code: 0 });
  await world.until('it runs', runs(one));
  const said = (await world.history()).find(({ event }) => event === 'guardSkipped');
  expect(said).toMatchObject({ at: expect.stringMatching(/Z$/), by: expect.stringMatching(/./), account: alice });
  expect(JSON.parse(await readFile(recordOf(world), 'utf8'))).toMatchObject({ verdict: 'skipped', by: said?.['by'] });
});

test('nor does run --skip-guard wait for anything', async () => {
  const world = await guarded();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  world.start('--skip-guard');
  await world.until('it runs', runs(one));
  const said = (await world.history()).find(({ event }) => event === 'guardSkipped');
  expect(said?.['by']).toMatch(/^.+ \(run --skip-guard\)$/);
});

test('later, what its account signs while it is down is an alarm, and keeps nobody from starting it', async () => {
  const world = await guarded();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  world.start('--skip-guard');
  await world.until('it runs', runs(one));
  await world.run('stop');
  // the first block after the stop tells how long what it sent itself may still come
  await build(1);
  await caughtUp(world);
  await sign();
  await build(SETTLING);
  await caughtUp(world);
  expect(await world.status()).toMatchObject({ guard: null });
  await build(2);
  const guilty = await sign();
  const alarmed = await world.until('it is an alarm', ({ guard }) => guard?.state === 'alarm');
  expect(alarmed).toMatchObject({ child: null, ok: false, blocked: null, stopped: true });
  await expect
    .poll(world.history, { timeout: 30_000 })
    .toContainEqual(
      expect.objectContaining({ event: 'signedElsewhere', account: alice, block: guilty.number, call: 'sudo.sudo' }),
    );
  expect((await world.run('start')).code).toBe(0);
  await world.until(
    'it runs at once, and a person has seen the alarm',
    (status) => runs(one)(status) && status.guard === null,
  );
});

test('a home that was copied here is a new machine', async () => {
  const world = await guarded();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  const daemon = world.start('--skip-guard');
  await world.until('it runs', runs(one));
  daemon.kill('SIGTERM');
  await daemon.ended;
  const there = JSON.parse(await readFile(recordOf(world), 'utf8'));
  const child = join(world.home, 'instances/kintsugi/vault/child.json');
  const spawned = JSON.parse(await readFile(child, 'utf8'));
  await writeFile(recordOf(world), JSON.stringify({ ...there, machine: 'ab'.repeat(32) }));
  await writeFile(child, JSON.stringify({ ...spawned, child: { ...spawned.child, boot: 'of another machine' } }));
  world.start();
  const waiting = await world.until('it watches', watches);
  expect(waiting).toMatchObject({ child: null, phase: 'running' });
  await build(SETTLING + WATCH + 1);
  await world.until('it runs', runs(one));
  expect(await twice(world)).toEqual([]);
});

test('an account that is named later is not watched where the client has run since this boot', async () => {
  const world = await guarded();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  await world.write({ 'kintsugi/vault': {} });
  const daemon = world.start();
  await world.until('it runs', runs(one));
  daemon.kill('SIGKILL');
  await daemon.ended;
  const release = { source: 'manifest', url: `file://${world.folder}/kintsugi-vault.json`, interval: '100ms' };
  const vault = { release, account: alice, guard: { watch: '10m' } };
  await world.write({}, { networks: { kintsugi: { endpoints: [chain.endpoint], clients: { vault } } } });
  world.start();
  await world.until('it runs again at once', runs(one));
  expect(JSON.parse(await readFile(recordOf(world), 'utf8'))).toMatchObject({ verdict: 'passed' });
  expect(await events(world)).not.toContain('guardPassed');
});
