import { cpSync, rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fleetLockServer } from '../support/fleet-lock-server.ts';
import { createGoverned } from '../support/governed.ts';
import { receiverServer } from '../support/receiver.ts';
import { createWorld, runs } from '../support/world.ts';

const root = resolve(import.meta.dirname, '../..');

/** The program in a folder of its own, and how it is taken away: as `npm install --global` does before it lays a newer one there. */
async function installed() {
  const folder = await mkdtemp(join(tmpdir(), 'vaultvisor-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of ['dist', 'package.json']) cpSync(join(root, name), join(folder, name), { recursive: true });
  return {
    program: [process.execPath, join(folder, 'dist/cli/main.js')] as const,
    takeAway: () => rmSync(folder, { recursive: true }),
  };
}

test('a daemon whose files are taken away supervises, asks, downloads, switches, decodes and tells on', {
  timeout: 120_000,
}, async () => {
  const { program, takeAway } = await installed();
  const [lock, chat] = [await fleetLockServer('airlock'), await receiverServer()];
  const world = await createGoverned({ program });
  const source = { source: 'vault-registry', url: `${world.files}/{version}/vault` };
  const logged = () => readFile(join(world.folder, 'daemon.log'), 'utf8').catch(() => '');
  await world.govern(source);
  const daemon = world.start('--log-level', 'debug');
  await expect.poll(logged, { timeout: 60_000 }).toContain('every part is loaded');
  takeAway();

  const one = world.client('1.0.0', { flag: '--a', form: 0 });
  await world.chain.publishVaultRelease('1.0.0', one.checksum);
  await world.until('1.0.0 runs', runs(one));
  const gates = { fleetLock: { url: lock.url }, drain: { command: ['/bin/true'] } };
  const notify = { receivers: { chat: { webhook: { url: chat.url }, from: 'info' } } };
  const vault = { release: source, args: ['--a', '7'], data: { dir: '{data}/db' }, gates };
  const network = { endpoints: [world.chain.endpoint], clients: { vault } };
  await world.write({}, { networks: { kintsugi: network }, notify, http: { listen: '127.0.0.1:0' } });
  await expect.poll(logged, { timeout: 30_000 }).toContain('metrics are served');
  const { pid = 0 } = (await world.status())?.child ?? {};
  process.kill(pid, 'SIGKILL');
  await world.until('it is started again', (status) => runs(one)(status) && status.child?.pid !== pid);

  const two = world.client('1.1.0', { flag: '--a', form: 0 });
  await world.chain.publishVaultRelease('1.1.0', two.checksum);
  await world.until('1.1.0 runs', runs(two));
  expect(lock.heard.filter((asked) => asked.startsWith('pre-reboot'))).not.toEqual([]);
  await expect.poll(() => chat.got.some(({ body }) => body.includes('1.1.0')), { timeout: 30_000 }).toBe(true);
  const decoded = async () => (await world.history()).filter(({ event }) => event === 'decoded');
  const named = expect.objectContaining({ checksum: two.checksum, version: '1.1.0' });
  await expect.poll(decoded, { timeout: 30_000 }).toContainEqual(expect.objectContaining({ events: [named] }));
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  expect(await logged()).not.toMatch(/cannot be loaded|Cannot find/);
});

test('one whose files are gone before it has read them leaves its client alone, and says to restart it', async () => {
  const { program, takeAway } = await installed();
  const world = await createWorld({ program });
  const lock = await fleetLockServer('airlock');
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  await world.write({ 'kintsugi/vault': {} });
  world.start();
  const before = await world.until('1.0.0 runs', runs(one));
  takeAway();
  await world.write({ 'kintsugi/vault': { gates: { fleetLock: { url: lock.url } } } });
  const logged = () => readFile(join(world.folder, 'daemon.log'), 'utf8');
  await expect.poll(logged, { timeout: 20_000 }).toContain('the args file was accepted');
  await world.name('kintsugi/vault', { version: '1.1.0', manner: 'steady' });
  const waiting = await world.until(
    'it says why',
    ({ next }) => next?.waitsFor?.includes('cannot be loaded any more') === true,
  );
  expect(waiting.child).toEqual(before.child);
  expect(waiting.next?.waitsFor).toContain('restart vaultvisor');
});
