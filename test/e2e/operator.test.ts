import { readdirSync } from 'node:fs';
import { mkdir, readFile, rename, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createWorld, runs, twice } from '../support/world.ts';

async function withTwoReleases() {
  const world = await createWorld();
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  await world.write({ 'kintsugi/vault': {} });
  const daemon = world.start();
  await world.until('1.0.0 runs', runs(one));
  const two = await world.name('kintsugi/vault', { version: '1.1.0', manner: 'steady' });
  await world.until('1.1.0 runs', runs(two));
  return { world, daemon, one, two };
}

test('stop is kept over a restart of the daemon, also one that was killed; start ends it', async () => {
  const { world, daemon, two } = await withTwoReleases();
  expect((await world.run('stop')).code).toBe(0);
  await world.until('no child', ({ child, stopped }) => child === null && stopped);
  daemon.kill('SIGKILL');
  await daemon.ended;
  world.start();
  await world.until('it is still stopped', ({ stopped }) => stopped);
  await sleep(500);
  expect((await world.status())?.child).toBeNull();
  expect((await world.run('start')).code).toBe(0);
  await world.until('it runs', runs(two));
  expect(await twice(world)).toEqual([]);
});

test('releases that come and go while an instance is held are removed again; its own and the newest stay', async () => {
  const { world, one, two } = await withTwoReleases();
  expect((await world.run('hold', '--for', '1h')).code).toBe(0);
  const named = [];
  for (const version of ['1.2.0', '1.3.0', '1.4.0']) {
    named.push(await world.name('kintsugi/vault', { version, manner: 'steady' }));
    await world.until(`${version} is staged`, ({ next }) => next?.state === 'staged' && next.version === version);
  }
  const kept = [one, two, named[2]].map((built) => built?.checksum.slice(2)).sort();
  const stored = () => readdirSync(join(world.home, 'store/sha256')).sort();
  while (stored().length > kept.length) await sleep(50);
  expect(stored()).toEqual(kept);
  expect(await world.status()).toMatchObject({ child: { checksum: two.checksum }, next: { state: 'staged' } });
});

test('hold keeps the next release staged and the child running; unhold lets it in', async () => {
  const { world, two } = await withTwoReleases();
  expect((await world.run('hold', '--for', '1h')).code).toBe(0);
  const three = await world.name('kintsugi/vault', { version: '1.2.0', manner: 'steady' });
  const held = await world.until('1.2.0 is staged', ({ next }) => next?.state === 'staged');
  expect(held).toMatchObject({
    child: { checksum: two.checksum },
    next: { checksum: three.checksum, waitsFor: 'held by a person' },
  });
  expect(held.held?.until).not.toBeNull();
  expect((await world.run('unhold')).code).toBe(0);
  await world.until('1.2.0 runs', runs(three));
});

test('rollback goes back and keeps what was refused out, over a restart; retry lets it in again', async () => {
  const { world, one, two } = await withTwoReleases();
  expect((await world.run('rollback')).code).toBe(0);
  const back = await world.until('1.0.0 runs', runs(one));
  expect(back.quarantined).toMatchObject([{ checksum: two.checksum, retryAt: null }]);
  const nothing = await world.run('rollback');
  expect([nothing.code, nothing.err]).toEqual([64, expect.stringContaining('nothing to go back to')]);
  expect((await world.run('retry')).code).toBe(0);
  await world.until('1.1.0 runs', runs(two));
});

test('pin is the wish until the chain names another release', async () => {
  const { world, one, two } = await withTwoReleases();
  const unknown = await world.run('pin', `0x${'ab'.repeat(32)}`);
  expect([unknown.code, unknown.err]).toEqual([64, expect.stringContaining('--uri')]);
  expect((await world.run('pin', one.checksum.slice(2))).code).toBe(0);
  await world.until('the pinned one runs', runs(one));
  const three = await world.name('kintsugi/vault', { version: '1.2.0', manner: 'steady' });
  const status = await world.until('the pin has ended', runs(three));
  expect(status.pinned).toBeNull();
  expect(two.checksum).not.toBe(three.checksum);
});

test('restart starts the same deployment again, without a probation', async () => {
  const { world, two } = await withTwoReleases();
  const before = await world.status();
  expect((await world.run('restart')).code).toBe(0);
  const after = await world.until(
    'another process',
    (status) => runs(two)(status) && status.child?.pid !== before?.child?.pid,
  );
  expect(after.phase).toBe('running');
  expect(await twice(world)).toEqual([]);
});

test('a state that is damaged is refused with words and left as it is; the other instances go on', async () => {
  const world = await createWorld();
  const places = ['kintsugi/vault', 'interlay/vault'];
  const built = await Promise.all(places.map((place) => world.name(place, { version: '1.0.0', manner: 'steady' })));
  await world.write({ 'kintsugi/vault': {}, 'interlay/vault': {} });
  const daemon = world.start();
  for (const [index, place] of places.entries()) await world.until(`${place} runs`, runs(built[index]!), place);
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  await writeFile(join(world.home, 'instances/kintsugi/vault/state.json'), '{"schema":1,');
  world.start();
  await world.until('the other runs', runs(built[1]!), 'interlay/vault');
  const damaged = await world.status('kintsugi/vault');
  expect(damaged?.child).toBeNull();
  expect(damaged?.blocked).toContain('state.json');
  expect((await world.run('status')).code).toBe(3);
});

test('a state that a person mended is taken up by the next apply, with what was named meanwhile', async () => {
  const { world, daemon, two } = await withTwoReleases();
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  const state = join(world.home, 'instances/kintsugi/vault/state.json');
  const good = await readFile(state);
  await writeFile(state, '{');
  world.start();
  await world.until('it is refused', ({ blocked }) => blocked?.includes('state.json') ?? false);
  await writeFile(state, good);
  expect((await world.run('apply')).code).toBe(0);
  await world.until('it runs', runs(two));
  expect((await world.run('status')).code).toBe(0);
});

test('a state that could not be read just now is taken up by itself when it can, with what was named meanwhile', async () => {
  const { world, daemon, two } = await withTwoReleases();
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  const state = join(world.home, 'instances/kintsugi/vault/state.json');
  await rename(state, `${state}.aside`);
  await mkdir(state); // EISDIR, as EIO or EACCES would
  world.start();
  await world.until('it is refused', ({ blocked }) => blocked?.includes('state.json') ?? false);
  await rmdir(state);
  await rename(`${state}.aside`, state);
  await world.until('it runs', runs(two));
  expect((await world.run('status')).code).toBe(0);
  expect(await twice(world)).toEqual([]);
});

test('status ends 0 when all is well, and 4 when neither daemon nor child runs', async () => {
  const { world, daemon } = await withTwoReleases();
  expect((await world.run('status')).code).toBe(0);
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toBe(0);
  const { code, out } = await world.run('status', '--json');
  expect(code).toBe(4);
  expect(JSON.parse(out).instances).toMatchObject([
    { network: 'kintsugi', client: 'vault', phase: 'running', child: null },
  ]);
});
