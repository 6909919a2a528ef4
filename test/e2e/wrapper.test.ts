import { hash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { starts } from '../../demo/journal.ts';
import { findTini } from '../../src/process/start/tini.ts';
import { processAt, processes } from '../../src/process/who/processes.ts';
import { createWorld, runs, type World } from '../support/world.ts';

const place = 'kintsugi/vault';

/** Names a script as the release. */
async function nameScript(world: World, version: string, body: string): Promise<void> {
  const bytes = `#!/bin/sh\n${body}\n`;
  const path = join(world.folder, `script-${version}`);
  await writeFile(path, bytes);
  const manifest = { version, uri: `file://${path}`, checksum: `0x${hash('sha256', bytes, 'hex')}` };
  await writeFile(join(world.folder, 'kintsugi-vault.json'), JSON.stringify(manifest));
}

const started = async (world: World) =>
  (await world.history()).filter(({ event }) => event === 'started' || event === 'restarted').length;

test('a wrapper that drops the lock is refused once, with the fix, and not tried again until it is mended', async () => {
  const world = await createWorld();
  await nameScript(world, '1.0.0', 'exec 3<&-; while :; do sleep 0.05; done');
  await world.write({ [place]: {} });
  world.start();
  const { reason, child } = await world.until('it is refused', ({ verdict }) => verdict === 'down');
  expect(child).toBeNull();
  expect(reason).toContain('closed the descriptor of its lock (3)');
  expect(reason).toContain('pass_fds=(3,)');
  const { code, out } = await world.run('status');
  expect(code).toBe(3);
  expect(out).toContain('closed the descriptor of its lock (3)');
  await sleep(1_500);
  expect(await started(world)).toBe(1);
  const built = await world.name(place, { version: '1.1.0', manner: 'steady' });
  await world.until('the mended one runs', runs(built));
});

test('with a way back it fails at once, and what served serves on', async () => {
  const world = await createWorld();
  const built = await world.name(place, { version: '1.0.0', manner: 'steady' });
  await world.write({ [place]: {} });
  world.start();
  await world.until('1.0.0 runs', runs(built));
  await nameScript(world, '1.1.0', 'exec 3<&-; while :; do sleep 0.05; done');
  const back = await world.until('1.0.0 runs again', (status) => runs(built)(status) && status.quarantined.length > 0);
  expect(back.quarantined[0]?.reason).toContain('closed the descriptor of its lock (3)');
  expect(starts(await world.journal())).toHaveLength(2);
});

test.skipIf(findTini() === null && process.env['CI'] !== 'true')(
  'parentDeath: the client leaves when its daemon is killed, and runs again with the next one; its listeners are its own',
  async () => {
    const world = await createWorld();
    const built = await world.name(place, { version: '1.0.0', manner: 'steady' });
    await world.write({ [place]: { parentDeath: 'tini' } });
    const daemon = world.start();
    const { child } = await world.until('1.0.0 runs', runs(built));
    expect(processAt(child?.pid ?? 0)?.comm).toBe('tini');
    expect(processes().filter(({ parent }) => parent === child?.pid)).toHaveLength(1);
    daemon.kill('SIGKILL');
    await daemon.ended;
    await expect.poll(() => processAt(child?.pid ?? 0), { timeout: 20_000 }).toBeNull();
    expect((await world.journal()).at(-1)?.what).toBe('stop');
    world.start();
    await world.until('it runs again', runs(built));
    expect(await readFile(world.config, 'utf8')).toContain('tini');
  },
);
