import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processAt } from '../../src/process/who/processes.ts';
import { until } from '../support/process/scratch.ts';
import { startScript } from '../support/process/script.ts';
import { createWorld, runs, twice, type World } from '../support/world.ts';

const place = 'kintsugi/vault';
const recordIn = ({ home }: World) => join(home, 'instances', place, 'child.json');
const record = async (world: World) => JSON.parse(await readFile(recordIn(world), 'utf8').catch(() => '{}'));
const ended = async (world: World, of = place) =>
  (await world.history(of)).filter(({ event, action }) => event === 'orphan' && action === 'ended');

/** A client, and beside it another, whose daemon was killed; resolves with the client's pid. */
async function orphaned(world: World, settings: object = {}, more: object = {}): Promise<number> {
  const built = await world.name(place, { version: '1.0.0', manner: 'steady' });
  await world.write({ [place]: settings }, more);
  const daemon = world.start();
  const { child } = await world.until('1.0.0 runs', runs(built));
  await expect.poll(async () => (await record(world)).child?.pid).toBe(child?.pid);
  daemon.kill('SIGKILL');
  await daemon.ended;
  return child?.pid ?? 0;
}

/** The file names another client, and nobody remembers the former one. */
async function forget(world: World): Promise<void> {
  await rm(join(world.home, 'accepted.json'));
  await world.name('kintsugi/oracle', { version: '1.0.0', manner: 'steady' });
  await world.write({ 'kintsugi/oracle': {} });
}

test('a client that was taken out of the file while no daemon ran is ended by the next one, with its own grace', async () => {
  const world = await createWorld();
  const pid = await orphaned(world, { stop: { signal: 'SIGINT', grace: 'infinite' } });
  expect((await record(world)).stop).toEqual({ signal: 'SIGINT', grace: null });
  await forget(world);
  world.start();
  await expect.poll(() => processAt(pid), { timeout: 20_000 }).toBeNull();
  await expect.poll(async () => (await ended(world)).length).toBe(1);
  expect((await world.journal()).at(-1)?.what).toBe('stop');
  await world.until('the other runs', ({ child }) => child !== null, 'kintsugi/oracle');
  expect((await world.run('status')).out).not.toContain('kintsugi/vault');
});

test('it is left alone while another daemon manages it, and ended when that one is gone', {
  timeout: 90_000,
}, async () => {
  const world = await createWorld();
  const pid = await orphaned(world);
  const { identity } = await record(world);
  await forget(world);
  const elsewhere = join(world.folder, 'elsewhere');
  await mkdir(elsewhere);
  const other = startScript('daemon.ts', ['owner', join(world.folder, 'locks'), identity, elsewhere]);
  await until(() => other.lines.includes('has it'));
  world.start();
  await world.until('the other runs', ({ child }) => child !== null, 'kintsugi/oracle');
  expect(processAt(pid)).not.toBeNull();
  expect((await world.journal()).at(-1)?.what).not.toBe('stop');
  other.process.kill('SIGKILL');
  await expect.poll(() => processAt(pid), { timeout: 30_000 }).toBeNull();
});

test('one that was given another name is ended before it is started under that', async () => {
  const world = await createWorld();
  const pid = await orphaned(world, { identity: 'the account' });
  await rm(join(world.home, 'accepted.json'));
  const data = join(world.home, 'instances', place, 'data');
  await world.name('kintsugi/bank', { version: '1.0.0', manner: 'steady' });
  await world.write({ 'kintsugi/bank': { identity: 'the account', cwd: data } });
  world.start();
  const { child } = await world.until('it runs', (status) => status.child !== null, 'kintsugi/bank');
  expect(processAt(pid)).toBeNull();
  expect(child?.pid).not.toBe(pid);
  expect(await twice(world)).toEqual([]);
});

test('a client whose state cannot be read is not started, and its child is neither ended nor forgotten', async () => {
  const world = await createWorld();
  const pid = await orphaned(world);
  await writeFile(join(world.home, 'instances', place, 'state.json'), 'no state');
  world.start();
  const { blocked, child } = await world.until('it is refused', (status) => status.blocked !== null);
  expect(child?.pid).toBe(pid);
  expect(blocked).toContain(`pid ${pid}, runs on, and nobody looks after it`);
  expect((await world.run('status')).code).toBe(3);
  expect(processAt(pid)).not.toBeNull();
  process.kill(pid, 'SIGINT');
});

interface File {
  lockDir?: string;
  networks: { kintsugi: { genesis?: string } };
}

test.each<[string, { before?: object; after?: object; edit?: (file: File, world: World) => void | Promise<void> }]>([
  ['the identity', { before: { identity: 'one' }, after: { identity: 'another' } }],
  ['what is exclusive', { before: { exclusive: ['a wallet'] }, after: { exclusive: ['another wallet'] } }],
  ['that nothing is exclusive', { before: { exclusive: ['a wallet'] }, after: {} }],
  ['the genesis', { edit: pinGenesis }],
  ['the folder of the locks', { edit: otherLocks }],
  ['the folder of the locks, the former one being gone', { edit: moveLocks }],
])('the child of the last daemon keeps its successor out, though the file says another: %s', async (_, change) => {
  const world = await createWorld();
  const { before = {}, after = before, edit = () => {} } = change;
  const pid = await orphaned(world, before);
  await world.write({ [place]: after });
  const file = JSON.parse(await readFile(world.config, 'utf8'));
  await edit(file, world);
  await writeFile(world.config, JSON.stringify(file));
  const { locks } = await record(world);
  world.start();
  await world.until(
    'it runs again',
    ({ child, verdict }) => child !== null && child.pid !== pid && verdict === 'healthy',
  );
  expect(processAt(pid)).toBeNull();
  expect(await twice(world)).toEqual([]);
  expect((await ended(world)).length).toBe(1);
  await expect.poll(async () => (await record(world)).locks).not.toEqual(locks);
});

function pinGenesis(file: File): void {
  file.networks.kintsugi.genesis = `0x${'12'.repeat(32)}`;
}

function otherLocks(file: File, { folder }: World): void {
  file.lockDir = join(folder, 'other-locks');
}

async function moveLocks(file: File, { folder }: World): Promise<void> {
  await rename(join(folder, 'locks'), join(folder, 'moved-locks'));
  file.lockDir = join(folder, 'other-locks');
}
