import { spawn } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createWorld, runs, type World } from '../support/world.ts';

const place = 'kintsugi/vault';

/** A client as somebody else starts it: what tells of it is a text in its arguments. */
async function startStranger(world: World) {
  const program = join(world.folder, 'oldvault');
  await copyFile('/bin/sh', program);
  const child = spawn(program, ['-c', 'while :; do kill -STOP $$; done', 'vault', `--id=${world.folder}`], {
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const strangers = ({ folder }: World) => ({ texts: [`--id=${folder}`] });

test('a client that others run keeps its instance down with words, and no other; when it has left, the client starts by itself', async () => {
  const world = await createWorld();
  const built = await world.name(place, { version: '1.0.0', manner: 'steady' });
  const other = await world.name('interlay/vault', { version: '1.0.0', manner: 'steady' });
  await world.write({ [place]: { strangers: strangers(world) }, 'interlay/vault': {} });
  const stranger = await startStranger(world);
  world.start();
  const status = await world.until('it is refused', ({ blocked }) => blocked !== null);
  await world.until('the other one runs', runs(other), 'interlay/vault');
  expect(status).toMatchObject({ child: null, ok: false });
  expect(status.strangers).toEqual([
    { pid: stranger.pid, unit: null, words: expect.stringContaining('oldvault --id='), end: expect.any(String) },
  ]);
  const { code, out } = await world.run('status', place);
  expect(code).toBe(3);
  expect(out).toContain(`stranger  pid ${stranger.pid} (oldvault --id=`);
  expect(out).toContain('nothing is started beside it; it is looked at again every 10 s');
  expect(await world.journal()).toEqual([]);
  stranger.kill('SIGKILL');
  const now = await world.until('it starts by itself', runs(built));
  expect(now).toMatchObject({ strangers: [], blocked: null });
  const told = (await world.history()).filter(({ event }) => event === 'stranger');
  expect(told).toMatchObject([
    { action: 'found', who: [expect.stringContaining(`pid ${stranger.pid} (`)] },
    { action: 'left' },
  ]);
});

test('where the operator says that it is to be ignored, the client starts beside it, and the history says so', async () => {
  const world = await createWorld();
  const built = await world.name(place, { version: '1.0.0', manner: 'steady' });
  await world.write({ [place]: { strangers: strangers(world) } });
  await startStranger(world);
  world.start();
  await world.until('it is refused', ({ blocked }) => blocked !== null);
  await world.write({ [place]: { strangers: { ...strangers(world), policy: 'ignore' } } });
  await world.until('it runs beside it', runs(built));
  const told = (await world.history()).filter(({ event }) => event === 'stranger');
  expect(told.map(({ action }) => action)).toEqual(['found', 'ignored']);
});
