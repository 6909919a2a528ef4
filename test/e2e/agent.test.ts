import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { starts } from '../../demo/journal.ts';
import { processAt } from '../../src/process/who/processes.ts';
import { socketIn, startAgent } from '../support/agent.ts';
import { createWorld, quick, runs, twice, type World } from '../support/world.ts';

const place = 'kintsugi/vault';
const one = { version: '1.0.0', manner: 'steady' } as const;
const two = { version: '1.1.0', manner: 'steady' } as const;

const withAgent = (world: World, more: object = {}) =>
  world.write({ [place]: { agent: { socket: socketIn(world) }, ...more } });

const versions = async (world: World) => starts(await world.journal()).map(({ version }) => version);
const events = async (world: World) => (await world.history()).map(({ event, action }) => action ?? event);

/** Runs and is committed, started by this very daemon and this agent. */
async function serving(world: World, more: object = {}) {
  const built = await world.name(place, one);
  await withAgent(world, more);
  const agent = startAgent(world);
  const daemon = world.start();
  const { child } = await world.until('1.0.0 runs', runs(built));
  return { built, agent, daemon, pid: child?.pid ?? 0 };
}

test('a release is started in the agent, updated, and a broken one goes back; the daemon never sees the secret', async () => {
  const world = await createWorld();
  writeFileSync(join(world.folder, 'key'), 'top-secret-seed\n');
  await withAgent(world, { env: { SEED: `{secret:file:${world.folder}/key}`, TOKEN: '{secret:env:GIVEN}' } });
  const first = await world.name(place, one);
  expect((await world.run('status', '--staged')).code).toBe(3);
  world.start();
  await world.until('it waits for the agent', ({ blocked }) => blocked?.includes('no agent answers') ?? false);
  expect((await world.run('status', '--staged')).code).toBe(0);
  expect((await world.run('status')).code).toBe(3);
  const agent = startAgent(world, { GIVEN: 'another-secret' });
  const { child } = await world.until('1.0.0 runs', runs(first));
  const environ = readFileSync(`/proc/${child?.pid}/environ`, 'utf8');
  expect(environ).toContain('SEED=top-secret-seed\0');
  expect(environ).toContain('TOKEN=another-secret\0');
  expect(processAt(child?.pid ?? 0)?.parent).toBe(agent.pid);
  await world.until('1.1.0 runs', runs(await world.name(place, two)));
  const bad = await world.name(place, { version: '1.2.0', manner: 'crash' });
  const status = await world.until(
    '1.2.0 is quarantined',
    ({ quarantined, child: now, verdict }) =>
      quarantined.some(({ checksum }) => checksum === bad.checksum) && now !== null && verdict === 'healthy',
  );
  expect(status.quarantined[0]?.reason).toContain(
    'exited with status 1; its last line was “thread main panicked: config schema mismatch”',
  );
  expect(await versions(world)).toEqual(['1.0.0', '1.1.0', '1.2.0', '1.2.0', '1.1.0']);
  expect(await twice(world)).toEqual([]);
  expect(agent.output()).toContain('vault 1.1.0 serves');
  const { out } = await world.run('status', '--json');
  for (const said of [out, readFileSync(join(world.folder, 'daemon.log'), 'utf8'), agent.log()]) {
    expect(said).not.toContain('top-secret');
    expect(said).not.toContain('another-secret');
  }
});

test('an edit that names a secret which is not there leaves what serves in the agent alone, and is taken up when it is there', async () => {
  const world = await createWorld();
  const { pid, built } = await serving(world);
  const key = join(world.folder, 'later');
  await withAgent(world, { env: { SEED: `{secret:file:${key}}` } });
  const waiting = await world.until('it says why', ({ next }) => JSON.stringify(next ?? '').includes(key));
  expect(waiting).toMatchObject({ child: { pid }, verdict: 'healthy', quarantined: [] });
  writeFileSync(key, 'here-it-is');
  const edited = await world.until('it is edited', (status) => runs(built)(status) && status.child?.pid !== pid);
  expect(readFileSync(`/proc/${edited.child?.pid}/environ`, 'utf8')).toContain('SEED=here-it-is\0');
  expect(await twice(world)).toEqual([]);
});

test('the daemon is killed, or ends: the client goes on, the next daemon takes it over, and updates it', async () => {
  const world = await createWorld();
  const { daemon, pid, agent } = await serving(world);
  daemon.kill('SIGKILL');
  await daemon.ended;
  const next = world.start();
  await world.until('it is taken over', ({ child, verdict }) => child?.pid === pid && verdict === 'healthy');
  next.kill('SIGTERM');
  expect(await next.ended).toBe(0);
  expect(processAt(pid)?.parent).toBe(agent.pid);
  expect((await world.run('status')).code).toBe(3);
  world.start();
  await world.until('1.1.0 runs', runs(await world.name(place, two)));
  expect(processAt(pid)).toBeNull();
  expect(await versions(world)).toEqual(['1.0.0', '1.1.0']);
  expect(await twice(world)).toEqual([]);
  expect((await events(world)).filter((event) => event === 'adopted')).toHaveLength(2);
  expect(await events(world)).not.toContain('exited');
});

test('what happens while no daemon is there is told to the next: an exit that forbids a restart keeps it down', async () => {
  const world = await createWorld();
  const { daemon, pid, agent } = await serving(world, { restart: { ...quick.restart, noRestart: { exitCodes: [0] } } });
  daemon.kill('SIGKILL');
  await daemon.ended;
  process.kill(pid, 'SIGINT');
  await expect.poll(() => agent.log()).toContain('exited with status 0');
  world.start();
  const { reason } = await world.until('it is down', ({ verdict }) => verdict === 'down');
  expect(reason).toContain('exited with status 0');
  expect(await versions(world)).toEqual(['1.0.0']);
  expect((await world.run('start', place)).code).toBe(0);
  await expect.poll(() => versions(world)).toEqual(['1.0.0', '1.0.0']);
});

test('the agent is killed: what it leaves is ended by the next one before another is started', async () => {
  const world = await createWorld();
  const { agent, pid } = await serving(world);
  agent.kill('SIGKILL');
  await agent.ended;
  const { lastExit } = await world.until('it is told', ({ child, blocked }) => child === null && blocked !== null);
  expect(lastExit).toBe('the agent that ran it has ended, and the client with it');
  expect(processAt(pid)).not.toBeNull(); // no namespace has ended it
  startAgent(world);
  await world.until(
    'it runs again',
    ({ child, verdict }) => child !== null && child.pid !== pid && verdict === 'healthy',
  );
  expect(processAt(pid)).toBeNull();
  expect(await twice(world)).toEqual([]);
  await expect.poll(() => versions(world)).toEqual(['1.0.0', '1.0.0']);
});

test('the agent is told to end: the client leaves first; with the next agent it runs again', async () => {
  const world = await createWorld();
  const { agent, pid } = await serving(world);
  agent.kill('SIGTERM');
  expect(await agent.ended).toBe(0);
  expect(processAt(pid)).toBeNull();
  await world.until('it waits', ({ blocked }) => blocked?.includes('no agent answers') ?? false);
  expect((await world.history()).find(({ event }) => event === 'stopped')).toMatchObject({
    reason: 'exited with status 0',
  });
  startAgent(world);
  await world.until('it runs again', ({ child, verdict }) => child !== null && verdict === 'healthy');
});

test('stop, start and removal from the file reach the client in the agent', async () => {
  const world = await createWorld();
  const { pid, built } = await serving(world);
  expect((await world.run('stop', place)).code).toBe(0);
  expect(processAt(pid)).toBeNull();
  expect((await world.run('start', place)).code).toBe(0);
  const { child } = await world.until('it runs again', runs(built));
  await world.write({});
  await expect.poll(async () => (await world.run('apply', '--allow-remove')).code).toBe(0);
  await expect.poll(() => processAt(child?.pid ?? 0)).toBeNull();
  expect(await twice(world)).toEqual([]);
});

test('where the file no longer names the agent, or names it anew, what the former one runs leaves first', async () => {
  const world = await createWorld();
  const { agent, pid, built } = await serving(world);
  await world.write({ [place]: {} });
  await expect
    .poll(() => readFileSync(join(world.folder, 'daemon.log'), 'utf8'))
    .toContain('the args file was accepted');
  expect((await world.run('restart', place)).code).toBe(0);
  const own = await world.until('the daemon runs it', (status) => runs(built)(status) && status.child?.pid !== pid);
  expect(processAt(pid)).toBeNull();
  expect(processAt(own.child?.pid ?? 0)?.parent).not.toBe(agent.pid);
  await withAgent(world);
  await expect.poll(async () => (await world.run('apply')).code).toBe(0);
  expect((await world.run('restart', place)).code).toBe(0);
  const again = await world.until(
    'the agent runs it',
    (status) => runs(built)(status) && status.child?.pid !== own.child?.pid,
  );
  expect(processAt(again.child?.pid ?? 0)?.parent).toBe(agent.pid);
  expect(processAt(own.child?.pid ?? 0)).toBeNull();
  expect(await twice(world)).toEqual([]);
});

test('a second daemon is told who commands, waits, and takes over what runs when the first has gone', async () => {
  const world = await createWorld();
  const { daemon, pid } = await serving(world);
  const other = await createWorld();
  const { checksum } = await other.name(place, one);
  // the same deployment to the byte, but for its home
  await other.write({ [place]: { agent: { socket: socketIn(world) } } });
  other.start();
  const { blocked } = await other.until('it waits', (status) => status.blocked !== null);
  expect(blocked).toContain(`another daemon commands the agent at ${socketIn(world)}: vaultvisor`);
  expect(blocked).toContain(`pid ${daemon.pid} on `);
  expect(processAt(pid)).not.toBeNull();
  daemon.kill('SIGKILL');
  await daemon.ended;
  await other.until('it runs its own', runs({ checksum }));
  expect(processAt(pid)).toBeNull();
  const told = await readFile(join(other.folder, 'daemon.log'), 'utf8');
  expect(told).not.toContain('please report');
});

test('an agent that is suspended is waited for: nothing is started beside what it runs', async () => {
  const world = await createWorld();
  const { agent, pid, daemon } = await serving(world);
  agent.kill('SIGSTOP');
  daemon.kill('SIGKILL');
  await daemon.ended;
  world.start();
  const { blocked } = await world.until('it waits', (status) => status.blocked !== null);
  expect(blocked).toContain('does not answer');
  expect(processAt(pid)).not.toBeNull();
  agent.kill('SIGCONT');
  await world.until('it is taken over', ({ child, verdict }) => child?.pid === pid && verdict === 'healthy');
  expect(await versions(world)).toEqual(['1.0.0']);
});
