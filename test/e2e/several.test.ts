import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lockName, lockPath } from '../../src/process/lock-names.ts';
import { createWorld, runs, twice } from '../support/world.ts';

const places = ['kintsugi/vault', 'interlay/vault', 'pendulum/oracle'];
const clients = Object.fromEntries(places.map((place) => [place, { identity: `account of ${place}` }]));

test('several networks and clients in one daemon, one at a time through an update', async () => {
  const world = await createWorld();
  const name = (version: string) =>
    Promise.all(places.map((place) => world.name(place, { version, manner: 'steady' })));
  const first = await name('1.0.0');
  await world.write(clients, { maxUpdating: 1, maxStarting: 1 });
  world.start();
  for (const [index, place] of places.entries()) await world.until(`${place} runs`, runs(first[index]!), place);
  const second = await name('1.1.0');
  for (const [index, place] of places.entries()) await world.until(`${place} is updated`, runs(second[index]!), place);
  for (const place of places) expect(await twice(world, place)).toEqual([]);
  expect((await world.run('status')).code).toBe(0);
});

test('a client whose lock a stranger holds keeps none of the others from starting', async () => {
  const world = await createWorld();
  const built = await Promise.all(places.map((place) => world.name(place, { version: '1.0.0', manner: 'steady' })));
  const locks = join(world.folder, 'locks');
  await mkdir(locks, { recursive: true });
  const path = lockPath(locks, lockName({ scope: 'kintsugi', identity: `text:account of kintsugi/vault` }));
  await writeFile(path, '');
  const stranger = spawn('flock', ['-x', path, 'sh', '-c', 'echo held; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void stranger.kill('SIGKILL'));
  await once(stranger.stdout, 'data');
  await world.write(clients, { maxStarting: 1 });
  world.start();
  for (const [index, place] of places.entries())
    if (index > 0) await world.until(`${place} runs`, runs(built[index]!), place);
  const waiting = await world.until('the first waits', ({ blocked }) => blocked !== null, places[0]);
  expect(waiting.child).toBeNull();
  expect(waiting.blocked).toContain('vaultvisor did not start it');
});
