import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { chainStageOf } from '../support/clients/chain-stage.ts';

/** A busy machine is no failure. */
const patiently = { timeout: 30_000 };
vi.setConfig({ testTimeout: 120_000 });

/** How long a release that does not get up is given. */
const health = { minHealthyTime: '500ms', healthyDeadline: '10s' };

// Each is a story that happens to people who run vaults, with a real runtime that names the releases, signed extrinsics, the real daemon
// and a vault that behaves as its sources say. What a test states last is what must not have happened.

test('a vault that hangs is started again as often as it may be; then a person is told, and it is left alone', async () => {
  const twoAnHour = { liveness: { failFor: '500ms', maxRestarts: '2/h' } };
  const { names, serves, behave, until, told, world } = await chainStageOf({
    ...twoAnHour,
    // a start may take so long before its probes count
    health: { minHealthyTime: '300ms', healthyDeadline: '3s' },
  });
  const release = await names('1.0.0');
  world.start();
  const well = await serves(release);

  // its process is up and its page says nothing any more: nothing exits, nobody would notice
  await behave({ status: 500 });
  const ill = await until('its probes are not believed any more', ({ verdict }) => verdict === 'unhealthy');
  expect(ill.reason).toContain('answered 500');
  await expect.poll(async () => (await told('restarted')).length, patiently).toBe(2);

  // longer than the third would take, if there were one
  await sleep(5_000);
  expect(await told('restarted')).toHaveLength(2);
  const left = await until('it is up, and told as unhealthy', ({ child }) => child !== null);
  expect(left).toMatchObject({ verdict: 'unhealthy', ok: false, current: { checksum: release.checksum } });
  expect(left.child?.pid).not.toBe(well.child?.pid);
  expect(left.quarantined).toEqual([]);
  expect((await world.run('status')).code).toBe(3);

  await behave({});
  await serves(release);
});

test('both releases fail because the chain is ill: the new one is not blamed, and has its turn when the old one is well', async () => {
  const aDay = { health, retry: { after: '24h', max: '24h', attempts: 3 } };
  const { names, serves, behave, until, told, world } = await chainStageOf(aDay);
  const one = await names('1.0.0');
  world.start();
  await serves(one);

  // whoever starts now waits for a node that does not answer
  await behave({ before: 'Synced!' });
  const two = await names('1.1.0');
  const back = await until('1.1.0 has failed', ({ quarantined }) => quarantined.length > 0);
  expect(back.current?.checksum).toBe(one.checksum);
  expect(back.quarantined).toMatchObject([{ checksum: two.checksum, attempts: 1, retryAt: expect.any(String) }]);

  // the old release is the control group: it fails too, so it is not the new one's fault
  await expect.poll(() => told('alarm'), patiently).toMatchObject([{ about: 'environment' }]);
  await behave({});
  await serves(two);
  expect((await told('committed')).map(({ checksum }) => checksum)).toEqual([one.checksum, two.checksum]);
  expect((await world.status())?.quarantined).toEqual([]);
});

test('a release that fails while the old one serves well afterwards waits its day: there the blame is right', async () => {
  const aDay = { health, retry: { after: '24h', max: '24h', attempts: 3 } };
  const { names, serves, behave, until, told, world } = await chainStageOf(aDay);
  const one = await names('1.0.0');
  world.start();
  await serves(one);

  await behave({ before: 'Synced!', only: '1.1.0' });
  const two = await names('1.1.0');
  await until('1.1.0 has failed', ({ quarantined }) => quarantined.length > 0);
  await serves(one);
  await behave({});
  await sleep(2_000);
  expect((await serves(one)).quarantined).toMatchObject([{ checksum: two.checksum, attempts: 1 }]);
  expect(await told('alarm')).toEqual([]);
});

test('governance recalls a release while it is on trial: the old one serves again at once', async () => {
  // a trial that would take half an hour
  const { names, serves, behave, until, told, started, world } = await chainStageOf({
    health: { ...health, healthyDeadline: '30m' },
  });
  const one = await names('1.0.0');
  world.start();
  await serves(one);
  await behave({ before: 'Synced!', only: '1.1.0' });
  const two = await names('1.1.0');
  await until(
    '1.1.0 is on trial',
    ({ next, child }) => next?.state === 'probation' && child?.checksum === two.checksum,
  );

  // ClientsInfo knows no removal: the older release is named again
  await names('1.0.0');
  const after = await serves(one);
  expect(after.quarantined).toEqual([]);
  await expect.poll(() => told('recalled'), patiently).toMatchObject([{ checksum: one.checksum }]);
  expect(await told('failed', 'rolledBack', 'quarantined')).toEqual([]);
  expect(await started()).toEqual([one.checksum, two.checksum, one.checksum]);
});

test('after a runtime upgrade there is no way back to a release that was never healthy under the new runtime', async () => {
  // with the gate of the preset: a vault that never got as far as its redeems must not be waited for
  const { names, serves, behave, until, told, started, world, chain } = await chainStageOf({ health, gates: {} });
  const one = await names('1.0.0');
  world.start();
  await serves(one);
  const two = await names('2.0.0', 'pending');
  await expect.poll(() => told('fetched'), patiently).toHaveLength(2);
  expect((await serves(one)).pending?.checksum).toBe(two.checksum);

  // 2.0.0 comes into force with its runtime, and does not get up
  await behave({ before: 'Synced!', only: '2.0.0' });
  await chain.upgradeRuntime();
  const failed = await until('2.0.0 has failed', ({ verdict, current }) => verdict === 'unhealthy' && current !== null);
  expect(failed.next?.checksum).toBe(two.checksum);
  await expect.poll(() => told('failed'), patiently).toMatchObject([{ checksum: two.checksum, wayBack: false }]);

  // 1.0.0 was proven under the old runtime only: it would sign what the new one refuses. What is wanted is a third release
  const three = await names('2.0.1');
  await serves(three);
  expect(await told('rolledBack')).toEqual([]);
  const versions = (await started()).filter((checksum, index, all) => checksum !== all[index - 1]);
  expect(versions).toEqual([one.checksum, two.checksum, three.checksum]);
});

test('a vault goes on with what it asked when it connected: after a runtime upgrade it is started again, once', async () => {
  // the preset says restartOn ["specVersion"] (interbtc-clients issue 492)
  const { names, serves, started, told, until, world, chain } = await chainStageOf();
  const release = await names('1.0.0');
  world.start();
  const before = await serves(release);
  await chain.upgradeRuntime();
  await until(
    'another process of the same release serves',
    ({ child }) => child !== null && child.pid !== before.child?.pid,
  );
  const after = await serves(release);
  expect(await started()).toEqual([release.checksum, release.checksum]);
  expect(await told('announced', 'failed', 'exited')).toHaveLength(1);
  await chain.newBlock();
  expect((await serves(release)).child?.pid).toBe(after.child?.pid);
});

test('without restartOn a runtime upgrade leaves the process alone, and asks it for a new proof', async () => {
  const { names, serves, told, world, chain } = await chainStageOf({ restartOn: [] });
  const release = await names('1.0.0');
  world.start();
  const before = await serves(release);
  await chain.upgradeRuntime();
  await expect.poll(() => told('runtime'), patiently).toMatchObject([{ specVersion: 1 }, { specVersion: 2 }]);
  await expect.poll(() => told('healthy'), patiently).toHaveLength(1);
  expect((await serves(release)).child?.pid).toBe(before.child?.pid);
});

test('an update waits until no redeem is open, and goes the moment the last one is paid', async () => {
  // the gate of the preset, as it is
  const { names, serves, behave, until, told, world } = await chainStageOf({ gates: {} });
  await behave({ open: 2, hours: 20 });
  const one = await names('1.0.0');
  world.start();
  const before = await serves(one);
  const two = await names('1.1.0');
  const waiting = await until('it waits', ({ next }) => next?.state === 'staged' && next.waitsFor !== null);
  expect(waiting.next?.waitsFor).toContain('redeem_count{status="open"}');
  await behave({ open: 1, hours: 20 });
  await sleep(1_000);
  expect((await serves(one)).child?.pid).toBe(before.child?.pid);
  expect(await told('stopped')).toEqual([]);
  await behave({ open: 0 });
  await serves(two);
});
