import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimOwner } from '../../src/process/owner.ts';
import { processAt } from '../../src/process/who/processes.ts';
import { createWorld, runs, twice } from '../support/world.ts';

const place = 'kintsugi/vault';

/** A daemon whose client serves, and whose `owner` file somebody has removed. */
async function withoutOwnerFile() {
  const world = await createWorld();
  const built = await world.name(place, { version: '1.0.0', manner: 'steady' });
  await world.write({ [place]: {} });
  world.start();
  const { child } = await world.until('1.0.0 runs', runs(built));
  const locks = join(world.folder, 'locks');
  const [owner = ''] = (await readdir(locks)).filter((name) => name.endsWith('.owner'));
  await rm(join(locks, owner));
  return { world, built, child, locks, owner };
}

test('locks that somebody removed under a running daemon are made and taken again before the next start', async () => {
  const { world, built, child, locks, owner } = await withoutOwnerFile();
  await rm(join(world.home, 'supervisor.lock'));
  expect((await world.run('restart', place)).code).toBe(0);
  await world.until('it runs again', (status) => runs(built)(status) && status.child?.pid !== child?.pid);
  expect(existsSync(join(locks, owner))).toBe(true);
  const claim = await claimOwner(locks, owner.replace('.owner', ''), '/another/home');
  expect(claim.owned).toBe(false);
  expect(await world.start().ended).toBe(75);
  expect((await world.history()).filter(({ event, about }) => event === 'alarm' && about === 'locks')).toHaveLength(1);
  expect(await twice(world)).toEqual([]);
});

test('where another daemon owns the client by the new file nothing more is started here', async () => {
  const { world, built, child, locks, owner } = await withoutOwnerFile();
  const other = await claimOwner(locks, owner.replace('.owner', ''), '/another/home');
  if (!other.owned) throw new Error('nobody had the new file');
  process.kill(child?.pid ?? 0, 'SIGKILL');
  const { blocked } = await world.until('it waits', (status) => status.blocked !== null && status.child === null);
  expect(blocked).toContain('another vaultvisor manages this client');
  expect(blocked).toContain('/another/home');
  other.lock.release();
  const again = await world.until('it runs again', (status) => runs(built)(status) && status.child?.pid !== child?.pid);
  expect(processAt(again.child?.pid ?? 0)).not.toBeNull();
});
