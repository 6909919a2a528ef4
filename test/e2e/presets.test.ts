import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { keyOf, place, stageOf } from '../support/clients/stage.ts';
import { behave, freePort } from '../support/clients/stand-in.ts';
import type { World } from '../support/world.ts';

/** A busy machine is no failure. */
const patiently = { timeout: 30_000 };

// Each preset as it is, but for its patience, with a client that behaves as the sources of the real one say.

const healthy = ({ verdict, child }: { verdict: string | null; child: object | null }) =>
  verdict === 'healthy' && child !== null;
const log = ({ home }: World) => readFile(join(home, 'instances', place, 'logs/client.log'), 'utf8');

test.each(['interbtc-vault', 'interbtc-oracle', 'interbtc-faucet', 'spacewalk-vault'] as const)(
  '%s: started with its own flags, healthy by its own word, and gone when it is asked',
  async (preset) => {
    const { world, release } = await stageOf(preset);
    world.start();
    const status = await world.until('it is healthy', healthy);
    expect(status).toMatchObject({ phase: 'running', current: { checksum: release.checksum }, ok: true });
    const args = JSON.parse(await readFile(join(world.home, `instances/${place}/current/args.json`), 'utf8'));
    const flag = preset === 'spacewalk-vault' ? '--spacewalk-parachain-url' : '--btc-parachain-url';
    expect(JSON.stringify(args)).toContain(`"${flag}","ws://127.0.0.1:9"`);
    expect((await world.run('stop', place)).code).toBe(0);
    await world.until('it has left', ({ child }) => child === null);
    const told = await world.history();
    expect(told.filter(({ event }) => ['exited', 'failed', 'unhealthy'].includes(event))).toEqual([]);
    const end = preset === 'interbtc-faucet' ? 'Starting http server' : 'Shutting down...';
    expect((await log(world)).trimEnd().split('\n').slice(-2).join()).toContain(
      preset.endsWith('vault') ? 'Removing PID file' : end,
    );
  },
);

test('a vault that waits for Bitcoin is not healthy, and not restarted: its page answers all the while', async () => {
  const { world } = await stageOf('interbtc-vault');
  await behave(world, place, { before: 'Synced!' });
  world.start();
  const waits = await world.until('it is up', ({ child, next }) => child !== null && next?.waitsFor != null);
  await expect.poll(async () => (await world.status())?.next?.waitsFor, patiently).toContain('the log never said');
  expect((await world.status())?.child?.pid).toBe(waits.child?.pid);
  await behave(world, place, {});
  expect((await world.until('Bitcoin is there', healthy)).child?.pid).toBe(waits.child?.pid);
});

test('a vault that restarts inside its process again and again is not healthy, however long it stays up', async () => {
  const { world, write } = await stageOf('interbtc-vault');
  await write({ health: { minHealthyTime: '3s', healthyDeadline: '20s' } });
  world.start();
  await world.until('it says that it serves', ({ next }) => next?.state === 'probation');
  await expect.poll(() => log(world), patiently).toContain('Done processing');
  await behave(world, place, { restart: 100 });
  const failed = await world.until('it has failed', ({ verdict }) => verdict === 'unhealthy');
  expect(failed.reason).toMatch(/metric restart_count rose by \d within 10m \(limit 1\)/);
});

test('a vault whose own guard finds another one stays down with its own words, and is not tried again', async () => {
  const { world, release, write } = await stageOf('interbtc-vault');
  await write({ strangers: { policy: 'ignore' } });
  const other = spawn(release.program, [...keyOf(world), '--prometheus-port', String(await freePort())], {
    cwd: world.folder,
    env: { ...process.env, TMPDIR: world.folder },
    stdio: 'ignore',
  });
  onTestFinished(() => void other.kill('SIGKILL'));
  const pidFile = join(world.folder, 'kintsugi-parachain_5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY.pid');
  await expect.poll(() => readFile(pidFile, 'utf8').catch(() => ''), patiently).toBe(`${other.pid}\n`);
  world.start();
  const down = await world.until('it is down', ({ verdict }) => verdict === 'down');
  expect(down.reason).toContain('already running on the system');
  expect((await world.history()).filter(({ event }) => event === 'started')).toHaveLength(1);
  expect(await readFile(pidFile, 'utf8')).toBe(`${other.pid}\n`);
});

test('with its account named, a vault that others run is found by its pid file, and nothing is started beside it', async () => {
  const { world, release, write } = await stageOf('interbtc-vault');
  const account = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
  const pidFile = join(world.folder, `kintsugi-parachain_${account}.pid`);
  // the daemon's own temporary folder is another one: here the file is named
  await write({ args: ['--keyname', 'other'], strangers: { pidFiles: [pidFile] } });
  const other = spawn(release.program, [...keyOf(world), '--prometheus-port', String(await freePort())], {
    cwd: world.folder,
    env: { ...process.env, TMPDIR: world.folder },
    stdio: 'ignore',
  });
  onTestFinished(() => void other.kill('SIGKILL'));
  await expect.poll(() => readFile(pidFile, 'utf8').catch(() => ''), patiently).toBe(`${other.pid}\n`);
  world.start();
  const { strangers } = await world.until('it is refused', ({ blocked }) => blocked !== null);
  expect(strangers).toMatchObject([{ pid: other.pid }]);
  expect((await world.history()).filter(({ event }) => event === 'started')).toEqual([]);
});
