import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { starts } from '../../demo/journal.ts';
import { processAt } from '../../src/process/who/processes.ts';
import { until } from '../support/process/scratch.ts';
import { startScript } from '../support/process/script.ts';
import { createWorld, quick, runs, twice, type World } from '../support/world.ts';

const place = 'kintsugi/vault';
const one = { version: '1.0.0', manner: 'steady' } as const;
const two = { version: '1.1.0', manner: 'steady' } as const;
const recordIn = ({ home }: World) => join(home, 'instances', place, 'child.json');
const events = async (world: World) => (await world.history()).map(({ event, action }) => action ?? event);

const adoptions = async (world: World) => (await events(world)).filter((event) => event === 'adopted').length;

/** A client whose daemon was killed; resolves with its pid. */
async function orphaned(world: World, settings: object): Promise<number> {
  const built = await world.name(place, one);
  await world.write({ [place]: settings });
  const daemon = world.start();
  const { child } = await world.until('1.0.0 runs', runs(built));
  await expect.poll(async () => JSON.parse(await readFile(recordIn(world), 'utf8')).child?.pid).toBe(child?.pid);
  daemon.kill('SIGKILL');
  await daemon.ended;
  return child?.pid ?? 0;
}

test('adopt: the child is the same before and after each death of the daemon, looked after, and replaced by an update', async () => {
  const world = await createWorld();
  const pid = await orphaned(world, { orphans: 'adopt' });
  for (let life = 0; life < 2; life += 1) {
    const daemon = world.start();
    const status = await world.until('it is adopted', ({ child }) => child?.pid === pid);
    expect(status).toMatchObject({ phase: 'running', verdict: 'healthy', ok: true, blocked: null });
    await expect.poll(() => adoptions(world)).toBe(life + 1);
    daemon.kill('SIGKILL');
    await daemon.ended;
  }
  world.start();
  const built = await world.name(place, two);
  await world.until('1.1.0 runs', runs(built));
  expect(processAt(pid)).toBeNull();
  expect(starts(await world.journal()).map(({ version }) => version)).toEqual(['1.0.0', '1.1.0']);
  expect(await twice(world)).toEqual([]);
  await expect.poll(() => adoptions(world)).toBe(3);
  expect((await events(world)).filter((event) => event === 'stopped')).toHaveLength(1);
});

test('adopt: a probation goes on over deaths of the daemon, however many, and ends in its commit', async () => {
  const world = await createWorld();
  const health = { ...quick.health, minHealthyTime: '6s', healthyDeadline: '60s' };
  const built = await world.name(place, one);
  await world.write({ [place]: { orphans: 'adopt', health } });
  let daemon = world.start();
  const { child } = await world.until('it is on probation', (status) => status.child !== null);
  await expect.poll(async () => JSON.parse(await readFile(recordIn(world), 'utf8')).child?.pid).toBe(child?.pid);
  for (let life = 0; life < 3; life += 1) {
    daemon.kill('SIGKILL');
    await daemon.ended;
    daemon = world.start();
    await world.until('it is adopted', (status) => status.child?.pid === child?.pid);
  }
  const status = await world.until('it is committed', runs(built));
  expect(status.child?.pid).toBe(child?.pid);
  expect(await events(world)).not.toContain('failed');
});

test('adopt: how it ends by itself is told to be unknown, and it is started again as after a crash', async () => {
  const world = await createWorld();
  const pid = await orphaned(world, { orphans: 'adopt', restart: { delay: '1h', max: '1h', stableAfter: '1h' } });
  world.start();
  await world.until('it is adopted', ({ child }) => child?.pid === pid);
  process.kill(pid, 'SIGKILL');
  const words =
    'ended, and its exit status is not known: it was adopted, and a process tells its status to its parent alone';
  const { lastExit } = await world.until('it rests', ({ child }) => child === null);
  expect(lastExit).toContain(words);
  expect((await world.run('status')).out).toContain(words);
  const exit = (await world.history()).find(({ event }) => event === 'exited');
  expect(exit).toMatchObject({ final: false, reason: expect.stringContaining(words) });
  expect((await world.run('start', place)).code).toBe(0);
  await world.until('it runs again', ({ child }) => child !== null && child.pid !== pid);
});

test('adopt: where an exit may forbid a restart it stays down, and status says why and what to do', async () => {
  const world = await createWorld();
  const restart = { ...quick.restart, noRestart: { exitCodes: [2] } };
  const pid = await orphaned(world, { orphans: 'adopt', restart });
  const daemon = world.start();
  await world.until('it is adopted', ({ child }) => child?.pid === pid);
  process.kill(pid, 'SIGKILL');
  const { reason } = await world.until('it is down', ({ verdict }) => verdict === 'down');
  expect(reason).toContain('its exit status is not known');
  expect(reason).toContain('`vaultvisor start kintsugi/vault`');
  daemon.kill('SIGKILL');
  await daemon.ended;
  world.start();
  await world.until('it is still down', ({ verdict, child }) => verdict === 'down' && child === null);
  await sleep(500);
  expect(starts(await world.journal())).toHaveLength(1);
  await world.run('start', place);
  await world.until('it runs', ({ child, verdict }) => child !== null && verdict === 'healthy');
});

test('adopt: what runs another deployment than the wanted one is ended, and the wanted one started', async () => {
  const world = await createWorld();
  const pid = await orphaned(world, { orphans: 'adopt' });
  const record = JSON.parse(await readFile(recordIn(world), 'utf8'));
  await writeFile(
    recordIn(world),
    JSON.stringify({ ...record, child: { ...record.child, deployment: 'f'.repeat(64) } }),
  );
  world.start();
  await world.until(
    'another runs',
    ({ child, verdict }) => child !== null && child.pid !== pid && verdict === 'healthy',
  );
  expect(await events(world)).toContain('ended');
  expect(await events(world)).not.toContain('adopted');
  expect(await twice(world)).toEqual([]);
});

test('refuse: nothing is signalled or started until a person has ended it; status says its pid and the command', async () => {
  const world = await createWorld();
  const pid = await orphaned(world, { orphans: 'refuse' });
  const before = (await world.journal()).length;
  for (let life = 0; life < 2; life += 1) {
    const daemon = world.start();
    const { blocked } = await world.until('it is refused', (status) => status.blocked !== null);
    expect(blocked).toContain(`pid ${pid} (`);
    expect(blocked).toContain(`kill -INT ${pid}`);
    expect((await world.run('status')).code).toBe(3);
    await sleep(300);
    expect(processAt(pid)).not.toBeNull();
    if (life === 1) break;
    daemon.kill('SIGKILL');
    await daemon.ended;
  }
  expect((await world.journal()).length).toBeGreaterThan(before);
  process.kill(pid, 'SIGINT');
  await world.until('the committed release runs', ({ child, verdict }) => child !== null && verdict === 'healthy');
  expect(await twice(world)).toEqual([]);
  expect((await events(world)).filter((event) => event === 'refused')).toHaveLength(2);
  expect((await world.journal()).filter(({ what }) => what === 'stop')).toHaveLength(1);
});

test('a person who stops the client while its orphan still has its grace does not keep it alive', {
  timeout: 120_000,
}, async () => {
  const world = await createWorld();
  const pid = await orphaned(world, {});
  const { identity } = JSON.parse(await readFile(recordIn(world), 'utf8'));
  const elsewhere = startScript('daemon.ts', ['owner', join(world.folder, 'locks'), identity, world.folder]);
  await until(() => elsewhere.lines.includes('has it'));
  world.start();
  await world.until('it waits for the other daemon', ({ blocked }) => blocked !== null);
  expect((await world.run('stop', place)).code).toBe(0);
  await world.until('it is stopped', ({ stopped }) => stopped);
  expect(processAt(pid)).not.toBeNull();
  elsewhere.process.kill('SIGKILL');
  await expect.poll(() => processAt(pid), { timeout: 30_000 }).toBeNull();
  expect(starts(await world.journal())).toHaveLength(1);
});
