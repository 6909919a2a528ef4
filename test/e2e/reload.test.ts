import { appendFile, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { DaemonProcess } from '../../demo/daemon-process.ts';
import { createWorld, quick, runs, twice, type World } from '../support/world.ts';

const steady = { version: '1.0.0', manner: 'steady' } as const;

async function running(
  clients: Readonly<Record<string, object>> = { 'kintsugi/vault': {} },
): Promise<World & { daemon: DaemonProcess }> {
  const world = await createWorld();
  for (const place of Object.keys(clients)) await world.name(place, steady);
  await world.write(clients);
  const daemon = world.start();
  for (const place of Object.keys(clients))
    await world.until(`${place} runs`, ({ verdict, child }) => verdict === 'healthy' && child !== null, place);
  return { ...world, daemon };
}

test('an edit of the arguments is tried like a release: a mistyped one is taken back, the right one is committed', async () => {
  const world = await running();
  const before = await world.status();
  await world.write({ 'kintsugi/vault': { args: ['--no-such-flag'] } });
  const back = await world.until(
    'it is taken back',
    ({ quarantined, verdict, child }) => quarantined.length === 1 && verdict === 'healthy' && child !== null,
  );
  expect(back.current).toEqual(before?.current);
  expect(back.quarantined[0]?.reason).toContain('--no-such-flag');
  await world.write({ 'kintsugi/vault': { args: ['--network', 'kintsugi'] } });
  const after = await world.until(
    'it is committed',
    ({ current, verdict }) => verdict === 'healthy' && current?.deployment !== before?.current?.deployment,
  );
  expect(after.current?.checksum).toBe(before?.current?.checksum);
  expect(await twice(world)).toEqual([]);
});

test.each([
  ['empty', (path: string) => truncate(path, 0)],
  ['truncated', (path: string) => truncate(path, 40)],
  ['damaged in place', (path: string) => appendFile(path, 'oops')],
  ['gone', (path: string) => rm(path)],
])('a file that is %s is refused with words, and the client is not touched', async (_, spoil) => {
  const world = await running();
  const before = await world.status();
  await spoil(world.config);
  const refused = async () => {
    for (let tries = 0; tries < 200; tries += 1) {
      const { err, code } = await world.run('apply');
      if (code !== 0) return { err, code };
      await sleep(50);
    }
    throw new Error('it was never refused');
  };
  expect(await refused()).toMatchObject({ code: 78 });
  expect((await world.status())?.child).toEqual(before?.child);
  await world.write({ 'kintsugi/vault': { args: ['--network', 'kintsugi'] } });
  await world.until(
    'the mended file is in force',
    ({ verdict, current }) => verdict === 'healthy' && current?.deployment !== before?.current?.deployment,
  );
});

test('a setting that is no part of the deployment changes nothing of the child', async () => {
  const world = await running();
  const before = await world.status();
  await world.write({ 'kintsugi/vault': { keep: 3, liveness: { failFor: '9m' } } });
  const { code, out } = await world.run('apply');
  expect(code, out).toBe(0);
  expect((await world.status())?.child).toEqual(before?.child);
});

test("a ConfigMap's swap of its ..data link is seen", async () => {
  const world = await createWorld();
  const one = await world.name('kintsugi/vault', steady);
  const at = (name: string) => join(world.folder, name);
  await world.write({ 'kintsugi/vault': {} });
  await rename(world.config, at('first.json'));
  await symlink('first.json', at('..data'));
  await symlink('..data', world.config);
  world.start();
  const before = await world.until('it runs', runs(one));
  await writeFile(
    at('second.json'),
    JSON.stringify({
      home: world.home,
      defaults: { ...quick, args: ['--network', 'x'] },
      networks: {
        kintsugi: {
          clients: {
            vault: { release: { source: 'manifest', url: `file://${at('kintsugi-vault.json')}`, interval: '100ms' } },
          },
        },
      },
    }),
  );
  await symlink('second.json', at('..new'));
  await rename(at('..new'), at('..data'));
  await world.until(
    'the edit is committed',
    ({ verdict, current }) => verdict === 'healthy' && current?.deployment !== before.current?.deployment,
  );
});

test('a running client that the file no longer names runs on, over a restart too, until apply --allow-remove', async () => {
  const { daemon, ...world } = await running({ 'kintsugi/vault': {}, 'interlay/vault': {} });
  await world.write({ 'kintsugi/vault': {} });
  await world.until('it is shown as not configured', ({ configured }) => !configured, 'interlay/vault');
  expect((await world.status('interlay/vault'))?.child).not.toBeNull();
  daemon.kill('SIGKILL');
  await daemon.ended;
  world.start();
  await world.until(
    'it runs on after a restart',
    ({ configured, child }) => !configured && child !== null,
    'interlay/vault',
  );
  const applied = await world.run('apply', '--allow-remove');
  expect(applied.code, applied.err).toBe(0);
  expect(applied.out).toContain('interlay/vault');
  expect(await world.status('interlay/vault')).toBeUndefined();
  const journal = await world.journal('interlay/vault');
  expect(journal.at(-1)?.what).toBe('stop');
});

test('at boot an invalid file does not take a client down: the last accepted one is in force; --strict refuses', async () => {
  const world = await createWorld();
  const one = await world.name('kintsugi/vault', steady);
  await world.write({ 'kintsugi/vault': {} });
  const first = world.start();
  await world.until('it runs', runs(one));
  first.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  const locks = join(world.folder, 'locks');
  for (const name of await readdir(locks)) if (name.endsWith('.home')) await rm(join(locks, name)); // as a boot of the machine does
  const second = world.start();
  await world.until('it runs again', runs(one));
  second.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  for (const spoil of [() => writeFile(world.config, '{ "home": '), () => rm(world.config)]) {
    await spoil();
    const daemon = world.start();
    await world.until('it runs with the accepted file', runs(one));
    daemon.kill('SIGTERM');
    expect(await daemon.ended).toBe(0);
    expect((await world.run('run', '--strict')).code).toBe(78);
  }
});

test('home cannot be moved under a running daemon', async () => {
  const world = await running();
  const before = await world.status();
  await world.write({ 'kintsugi/vault': {} }, { home: `${world.folder}/other` });
  const daemonStill = await world.status();
  expect(daemonStill?.child).toEqual(before?.child);
});

test('a client that is renamed in the file waits for its former self: one account, one client', async () => {
  const account = { identity: 'one account' };
  const { daemon: _, ...world } = await running({ 'kintsugi/vault': account });
  const built = await world.name('kintsugi/vault2', steady);
  await world.write({ 'kintsugi/vault2': account });
  const waiting = await world.until('the new name waits', ({ blocked }) => blocked !== null, 'kintsugi/vault2');
  expect(waiting.child).toBeNull();
  expect((await world.status())?.child).not.toBeNull();
  expect((await world.run('apply', '--allow-remove')).code).toBe(0);
  await world.until('the new name runs', runs(built), 'kintsugi/vault2');
  const before = (await world.journal()).at(-1);
  const after = (await world.journal('kintsugi/vault2')).at(0);
  expect(before?.what).toBe('stop');
  expect(after?.at).toBeGreaterThan(before?.at ?? 0);
});

test('a damaged record of what was accepted is put aside; the file alone counts, and the client runs', async () => {
  const { daemon, ...world } = await running();
  const before = await world.status();
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  await writeFile(join(world.home, 'accepted.json'), '{ "schema": 1, "file"');
  expect((await world.run('status')).code).toBe(4);
  world.start();
  const after = await world.until('it runs', ({ verdict, child }) => verdict === 'healthy' && child !== null);
  expect(after.current).toEqual(before?.current);
  expect(await readFile(join(world.home, 'accepted.json.damaged'), 'utf8')).toBe('{ "schema": 1, "file"');
});

test('another probe counts at once, though it is no other deployment', async () => {
  const { daemon: _, ...world } = await running();
  const before = await world.status();
  const health = { healthyDeadline: '500ms', probes: [{ tcp: '127.0.0.1:1' }] };
  await world.write({ 'kintsugi/vault': { health, liveness: { failFor: '200ms', maxRestarts: '0/h' } } });
  const after = await world.until('it is unhealthy', ({ verdict }) => verdict === 'unhealthy');
  expect(after.reason).toContain('127.0.0.1:1');
  expect(after.child).toEqual(before?.child);
  await world.write({ 'kintsugi/vault': {} });
  await world.until('it is healthy again', ({ verdict }) => verdict === 'healthy');
});
