import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { place, type Stage, stageOf } from '../support/clients/stage.ts';
import { behave } from '../support/clients/stand-in.ts';

/** A busy machine is no failure. */
const patiently = { timeout: 30_000 };

// What the client says of its open redeems is remembered; nothing healthy serves while few hours are left: somebody is woken.
const patience = {
  health: { minHealthyTime: '1s', healthyDeadline: '20s', exits: 2 },
  // without the alarm its eighth restart alone would come after 12 s and more
  restart: { delay: '100ms', max: '1h', stableAfter: '1h' },
};

async function vault(hours: number): Promise<Stage> {
  const stage = await stageOf('interbtc-vault');
  await stage.write(patience);
  await behave(stage.world, place, { open: 1, hours });
  return stage;
}

const events = async ({ world }: Stage, name: string) => (await world.history()).filter(({ event }) => event === name);
const daemonLog = ({ world }: Stage) => readFile(join(world.folder, 'daemon.log'), 'utf8');
const count = (text: string, words: string) => text.split(words).length - 1;

test('a vault that owes within hours and cannot be kept up wakes somebody, and is started again without long rests', async () => {
  const stage = await vault(6.5);
  const { world } = stage;
  world.start();
  const known = await world.until('its hours are known', ({ redeem }) => redeem !== null);
  expect(known).toMatchObject({ verdict: 'healthy', ok: true, redeem: { hours: 6.5, critical: false, reason: null } });

  await behave(world, place, { hours: 6.5, fail: 'RuntimeError: Client is dead' });
  const critical = await world.until('it is critical', ({ redeem }) => redeem?.critical === true);
  expect(critical.redeem?.reason).toBe('nothing healthy serves, and 6.5 hours are left until its first payment is due');
  expect(critical.stopped).toBe(false);
  await expect
    .poll(() => events(stage, 'redeemEndangered'), patiently)
    .toMatchObject([{ hours: 6.5, reason: critical.redeem?.reason }]);
  const shown = await world.run('status', place);
  expect(shown.code).toBe(3);
  expect(shown.out).toContain('redeem    nothing healthy serves, and 6.5 hours are left');
  const before = (await events(stage, 'restarted')).length;
  await expect.poll(async () => (await events(stage, 'restarted')).length, patiently).toBeGreaterThan(before + 8);

  await behave(world, place, { open: 0, hours: 24 });
  await world.until('it is over', ({ verdict, redeem }) => verdict === 'healthy' && redeem?.critical === false);
  await expect.poll(() => events(stage, 'redeemSafe'), patiently).toHaveLength(1);
  expect(await events(stage, 'redeemEndangered')).toHaveLength(1);
});

test('what was read outlives the daemon: without one, and with the next, it counts on', async () => {
  const stage = await vault(6.5);
  const { world } = stage;
  const daemon = world.start();
  await world.until('its hours are known', ({ redeem }) => redeem !== null);
  daemon.kill('SIGTERM');
  await daemon.ended;
  expect((await world.run('status', place)).out).toContain('redeem    nothing healthy serves, and 6.5 hours are left');
  await behave(world, place, { fail: 'RuntimeError: Client is dead' });
  world.start();
  await world.until('the next one knows', ({ redeem }) => redeem?.critical === true);
});

test('hours enough are no alarm, however long it is down', async () => {
  const stage = await vault(20);
  const { world } = stage;
  world.start();
  await world.until('its hours are known', ({ redeem }) => redeem?.hours === 20);
  await behave(world, place, { hours: 20, fail: 'RuntimeError: Client is dead' });
  await world.until('it is unhealthy', ({ verdict }) => verdict === 'unhealthy');
  await expect.poll(async () => (await events(stage, 'exited')).length, patiently).toBeGreaterThan(5);
  expect(await world.status()).toMatchObject({ redeem: { hours: 20, critical: false } });
  expect(await events(stage, 'redeemEndangered')).toEqual([]);
});

test.each([
  ['is no page of metrics', { page: '<html><body>Not Found</body></html>' }],
  ['says NaN', { hours: 'NaN' }],
  ['says less than nothing', { hours: -3 }],
  ['says hours as no chain has them', { hours: 3e9 }],
  ['fails', { status: 500 }],
])('a page that %s is told once, and what was known stays', async (_what, behaviour) => {
  const stage = await vault(20);
  const { world } = stage;
  world.start();
  const before = await world.until('its hours are known', ({ redeem }) => redeem?.hours === 20);
  await behave(world, place, behaviour);
  const words = 'these hours to redeem are not believed';
  await expect.poll(() => daemonLog(stage).then((log) => count(log, words)), patiently).toBe(1);
  await behave(world, place, { hours: 19.9 });
  await expect.poll(() => daemonLog(stage), patiently).toContain('the hours to redeem are read again');
  expect(count(await daemonLog(stage), words)).toBe(1);
  const after = await world.until('it is read', ({ redeem }) => redeem?.hours === 19.9);
  expect(after.child).toEqual(before.child);
  expect(await events(stage, 'redeemEndangered')).toEqual([]);
});

test('the 0 of a vault that has not asked its chain yet is no alarm', async () => {
  const stage = await vault(20);
  const { world } = stage;
  world.start();
  await world.until('its hours are known', ({ redeem }) => redeem?.hours === 20);
  await behave(world, place, { hours: 20, unpolled: true });
  expect((await world.run('restart', place)).code).toBe(0);
  await expect.poll(() => daemonLog(stage), patiently).toContain('believed only if it stays so');
  expect((await world.status())?.redeem).toMatchObject({ hours: 20, critical: false });
});
