import { appendFile, chmod, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { starts } from '../../demo/journal.ts';
import { createWorld, runs, twice } from '../support/world.ts';

const vault = { 'kintsugi/vault': {} };

test('a release is started, replaced and committed; a broken one goes back and is quarantined', async () => {
  const world = await createWorld();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  await world.write(vault);
  world.start();
  await world.until('1.0.0 runs', runs(one));
  const two = await world.name('kintsugi/vault', { version: '1.1.0', manner: 'steady' });
  const second = await world.until('1.1.0 runs', runs(two));
  expect(second.previous?.checksum).toBe(one.checksum);
  const bad = await world.name('kintsugi/vault', { version: '1.2.0', manner: 'crash' });
  const back = await world.until('1.1.0 runs again', (status) => runs(two)(status) && status.quarantined.length > 0);
  expect(back.quarantined).toMatchObject([{ checksum: bad.checksum, attempts: 1 }]);
  expect(back.quarantined[0]?.retryAt).not.toBeNull();
  expect((await world.history()).map(({ event, version }) => `${event} ${version}`)).toEqual([
    ...['announced 1.0.0', 'fetched 1.0.0', 'started 1.0.0', 'committed 1.0.0'],
    ...['announced 1.1.0', 'fetched 1.1.0', 'stopped 1.0.0', 'started 1.1.0', 'committed 1.1.0'],
    ...[
      'announced 1.2.0',
      'fetched 1.2.0',
      'stopped 1.1.0',
      'started 1.2.0',
      'exited 1.2.0',
      'restarted 1.2.0',
      'exited 1.2.0',
    ],
    ...['failed 1.2.0', 'quarantined 1.2.0', 'rolledBack 1.1.0', 'started 1.1.0', 'healthy 1.1.0'],
  ]);
  expect(await twice(world)).toEqual([]);
});

test('bytes that are not what was named never run, and the old child is not touched', async () => {
  const world = await createWorld();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  await world.write(vault);
  world.start();
  const before = await world.until('1.0.0 runs', runs(one));
  await world.name(
    'kintsugi/vault',
    { version: '6.6.6', manner: 'steady' },
    { uri: `file://${world.folder}/vault-1.0.0-steady` },
  );
  const after = await world.until('it is refused', ({ next }) => next?.retryAt != null);
  expect(after.child).toEqual(before.child);
  expect((await world.journal()).map(({ version }) => version)).not.toContain('6.6.6');
});

test('the daemon is killed at any time: the orphan is ended, one child runs, the release is the same', async () => {
  const world = await createWorld();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  await world.write(vault);
  let daemon = world.start();
  await world.until('1.0.0 runs', runs(one));
  for (let kill = 0; kill < 5; kill += 1) {
    daemon.kill('SIGKILL');
    expect(await daemon.ended).toBe('SIGKILL');
    daemon = world.start();
    await world.until('it runs again', runs(one));
    await expect.poll(async () => starts(await world.journal()).length, { timeout: 10_000 }).toBe(kill + 2);
  }
  expect(await twice(world)).toEqual([]);
});

test('a second daemon of one home is refused with 75, and harms nothing', async () => {
  const world = await createWorld();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  await world.write(vault);
  world.start();
  const before = await world.until('1.0.0 runs', runs(one));
  expect(await world.start().ended).toBe(75);
  expect((await world.status())?.child).toEqual(before.child);
});

test('two daemons of one account: the second waits, names the first, and takes over when it has gone', async () => {
  const [first, second] = [await createWorld(), await createWorld()];
  const account = { 'kintsugi/vault': { identity: `account of ${first.folder}` } };
  const one = await first.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  await second.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  await first.write(account, { lockDir: `${first.folder}/locks` });
  await second.write(account, { lockDir: `${first.folder}/locks` });
  const daemon = first.start();
  await first.until('the first runs', runs(one));
  second.start();
  const waiting = await second.until('the second is blocked', ({ blocked }) => blocked !== null);
  expect(waiting.child).toBeNull();
  expect(waiting.blocked).toContain(String(daemon.pid));
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  await second.until('the second runs', runs(one));
});

test('of older releases only `keep` stay; one that was removed is fetched again when it is named again', async () => {
  const world = await createWorld();
  const releases = ['1.0.0', '1.1.0', '1.2.0'].map((version) => ({ version, manner: 'steady' }) as const);
  const built = [];
  await world.write(vault);
  for (const [index, release] of releases.entries()) {
    built.push(await world.name('kintsugi/vault', release));
    if (index === 0) world.start();
    await world.until(`${release.version} runs`, runs(built[index]!));
  }
  const held = async () => (await readdir(join(world.home, 'store/sha256'))).map((name) => `0x${name}`).sort();
  await expect.poll(held, { timeout: 10_000 }).toEqual([built[1]!.checksum, built[2]!.checksum].sort());
  const again = await world.name('kintsugi/vault', releases[0]!);
  await world.until('1.0.0 runs again', runs(again));
  expect((await world.history()).map(({ event }) => event)).not.toContain('spoiled');
});

test('bytes that are damaged on disk are never started: they are fetched again', async () => {
  const world = await createWorld();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  await world.write(vault);
  const daemon = world.start();
  await world.until('1.0.0 runs', runs(one));
  daemon.kill('SIGKILL');
  await daemon.ended;
  const blob = join(world.home, 'store/sha256', one.checksum.slice(2));
  await chmod(blob, 0o755);
  await appendFile(blob, "\nconsole.log('not what was named');\n");
  world.start();
  await world.until('it runs from new bytes', runs(one));
  expect((await world.history()).map(({ event }) => event)).toContain('spoiled');
  expect(await readFile(blob)).toEqual(one.bytes);
});

test('a program that is lost in the moment before its start, and is whole in the store, costs its release nothing', async () => {
  const world = await createWorld();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  await world.write({ 'kintsugi/vault': { start: { delay: '2s' } } });
  world.start();
  await world.until('1.0.0 runs', runs(one));
  const two = await world.name('kintsugi/vault', { version: '1.1.0', manner: 'steady' });
  await expect.poll(async () => (await world.history()).map(({ event }) => event)).toContain('stopped');
  const all = join(world.home, 'instances/kintsugi/vault/deployments');
  const files = await readdir(all, { recursive: true, withFileTypes: true });
  let removed = 0;
  for (const path of files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))) {
    if (!(await readFile(path)).equals(two.bytes)) continue;
    await rm(path);
    removed += 1;
  }
  expect(removed).toBe(1);
  await world.until('1.1.0 runs', runs(two));
  const events = (await world.history()).map(({ event }) => event);
  expect(events).toContain('exited');
  for (const never of ['spoiled', 'rolledBack', 'quarantined', 'failed']) expect(events).not.toContain(never);
  expect((await world.status())?.quarantined).toEqual([]);
});
