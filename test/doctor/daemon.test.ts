import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createWorld, runs, type World } from '../support/world.ts';
import { ask } from './support/room.ts';

const root = resolve(import.meta.dirname, '../..');

/** What doctor says of a world. */
async function told(world: World, ...ids: readonly string[]): Promise<string> {
  process.env['VAULTVISOR_LOCKS'] = join(world.folder, 'locks');
  const found = await ask(world.config, ids);
  return found.map(({ id, state, about, sentence }) => `${id} ${state}: ${about ?? ''} ${sentence}`).join('\n');
}

test('beside a daemon that serves, stopped, refused, killed: doctor sees it, and the client never notices', {
  timeout: 120_000,
}, async () => {
  const world = await createWorld();
  const built = await world.name('kintsugi/vault', { version: '1.0.0', manner: 'steady' });
  // its own child has the key in its arguments, and is no stranger
  const key = join(world.folder, 'key.json');
  writeFileSync(key, `{"seed":"${world.folder}"}`, { mode: 0o600 });
  await world.write({ 'kintsugi/vault': { identity: { file: key }, args: ['--endpoint', key] } });
  const daemon = world.start();
  const { child } = await world.until('it serves', runs(built));

  const asWell = [
    'daemon-answers',
    'daemon-version',
    'clients',
    'args-in-force',
    'program-checksums',
    'state-readable',
    'urls',
  ];
  expect((await told(world, ...asWell)).match(/ well: /g)).toHaveLength(asWell.length);
  expect(await told(world, 'orphans')).toMatch(/^orphans skipped/);
  expect(await told(world, 'strangers')).toMatch(/^strangers well/);

  await world.run('stop');
  expect(await told(world, 'clients')).toMatch(
    /^clients warning: kintsugi\/vault It is not as it should be: a person stopped it/,
  );
  await world.run('start');
  const again = await world.until('it serves again', runs(built));
  expect(child?.pid).not.toBe(again.child?.pid);

  const accepted = readFileSync(world.config, 'utf8');
  writeFileSync(world.config, accepted.replace('"identity"', '"idenity"'));
  await world.run('apply');
  expect(await told(world, 'args-valid')).toMatch(/^args-valid error: {2}.*idenity.*the last accepted one is in force/);
  expect(await told(world, 'args-in-force')).toMatch(/^args-in-force error/);
  writeFileSync(world.config, accepted);

  process.kill(daemon.pid, 'SIGSTOP');
  const silent = await told(world, 'daemon-answers').finally(() => process.kill(daemon.pid, 'SIGCONT'));
  expect(silent).toMatch(/error: {2}A daemon holds the home, and the daemon does not answer/);

  daemon.kill('SIGKILL');
  await daemon.ended;
  expect(await told(world, 'orphans')).toMatch(
    new RegExp(`error: kintsugi/vault It runs \\(pid ${again.child?.pid}\\), and no daemon looks after it`),
  );
  expect(await told(world, 'daemon-answers')).toMatch(/warning/);

  world.start();
  await world.until('it is looked after', runs(built));
  expect(await told(world, 'orphans')).toMatch(/skipped/);
  expect((await world.journal()).filter(({ what }) => what.startsWith('overlap'))).toEqual([]);
});

test('a daemon of another version is told', async () => {
  const world = await createWorld();
  await world.write({});
  const other = join(world.folder, 'other');
  cpSync(join(root, 'dist'), join(other, 'dist'), { recursive: true });
  writeFileSync(
    join(other, 'package.json'),
    JSON.stringify({ ...JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')), version: '9.9.9' }),
  );
  const env = { ...process.env, VAULTVISOR_LOCKS: join(world.folder, 'locks') };
  const daemon = spawn(process.execPath, [join(other, 'dist/cli/main.js'), 'run', '--config', world.config], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(async () => {
    daemon.kill('SIGTERM');
    await once(daemon, 'exit');
  });
  for await (const text of daemon.stderr) if (String(text).includes('vaultvisor runs')) break;
  expect(await told(world, 'daemon-version')).toMatch(
    /warning: {2}The daemon that runs is 9\.9\.9, and this program is/,
  );
});
