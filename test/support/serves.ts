import { expect } from 'vitest';
import type { Program } from '../../demo/daemon-process.ts';
import { createWorld, runs, twice } from './world.ts';

/**
 * What a vaultvisor that somebody has just got must do: say its version, know a good args file from a bad one, bring a client from one release to
 * the next, find it again after its own death, and tell of it.
 * @returns the version that it says it is, and the Node that it runs on
 */
export async function servesFromFirstToLast(program: Program): Promise<{ version: string; node: string }> {
  const world = await createWorld({ program });
  const one = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  await world.write({ 'kintsugi/vault': { arg: [] } });
  expect(await world.run('config', 'validate')).toMatchObject({ code: 78 });
  await world.write({ 'kintsugi/vault': {} });
  expect(await world.run('config', 'validate')).toMatchObject({ code: 0, err: '' });

  const first = world.start();
  await world.until('1.0.0 runs', runs(one));
  const two = await world.name('kintsugi/vault', { version: '1.1.0', manner: 'steady' });
  await world.until('1.1.0 runs', runs(two));
  first.kill('SIGKILL');
  await first.ended;
  expect(await world.run('status')).toMatchObject({ code: 3 });
  world.start();
  await world.until('1.1.0 runs again', runs(two));

  const status = await world.run('status');
  expect(status).toMatchObject({ code: 0, err: '' });
  expect(status.out).toContain('1.1.0');
  expect((await world.run('history')).out).toContain('1.1.0');
  expect(await twice(world)).toEqual([]);
  return JSON.parse((await world.run('version', '--json')).out);
}
