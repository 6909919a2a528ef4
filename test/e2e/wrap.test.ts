import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { processAt } from '../../src/process/who/processes.ts';
import { createWorld, quick, runs, twice, type World } from '../support/world.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const place = 'kintsugi/vault';

/** As in a container: no args file, but flags and variables; the client's arguments behind `--`. */
function wrap(world: World, words: readonly string[]) {
  const settings = ['restart', 'stop', 'download', 'health'] as const;
  const env = {
    ...process.env,
    VAULTVISOR_LOCKS: join(world.folder, 'locks'),
    VAULTVISOR_HOME: world.home,
    VAULTVISOR_PLACE: place,
    VAULTVISOR_SET: ['release.interval=100ms', ...settings.map((key) => `${key}=${JSON.stringify(quick[key])}`)].join(
      '\n',
    ),
    FROM_THE_CONTAINER: 'yes',
  };
  const release = `manifest:file://${world.folder}/kintsugi-vault.json`;
  const all = [main, 'wrap', '--release', release, '--end-on', '0,2', ...words];
  const child: ChildProcess = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'inherit'], env });
  let output = '';
  child.stdout?.on('data', (bytes) => (output += bytes));
  const ended = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? signal ?? 'gone')),
  );
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return { ended, kill: (signal: NodeJS.Signals) => void child.kill(signal), output: () => output };
}

test('one client by flags and variables: started, updated, its lines passed on; SIGTERM has it leave, and it is the same at the next start', async () => {
  const world = await createWorld();
  const first = await world.name(place, { version: '1.0.0', manner: 'steady' });
  const wrapped = wrap(world, ['--', '--network', 'kintsugi']);
  const { child } = await world.until('1.0.0 runs', runs(first));
  const process1 = readFileSync(`/proc/${child?.pid}/cmdline`, 'utf8').split('\0');
  expect(process1.slice(-3, -1)).toEqual(['--network', 'kintsugi']);
  expect(readFileSync(`/proc/${child?.pid}/environ`, 'utf8')).toContain('FROM_THE_CONTAINER=yes\0');
  const second = await world.name(place, { version: '1.1.0', manner: 'steady' });
  const { child: now } = await world.until('1.1.0 runs', runs(second));
  await expect.poll(() => wrapped.output()).toContain('vault 1.1.0 serves');
  wrapped.kill('SIGTERM');
  expect(await wrapped.ended).toBe(0);
  expect(processAt(now?.pid ?? 0)).toBeNull();
  // said again it is not written again: a volume that has filled up keeps no client down
  const file = join(world.home, 'wrap.json');
  const written = statSync(file).ino;
  const next = wrap(world, ['--', '--network', 'kintsugi']);
  const { child: again } = await world.until('1.1.0 runs again', runs(second));
  expect(statSync(file).ino).toBe(written);
  await expect.poll(() => next.output()).toContain('vault 1.1.0 serves');
  process.kill(again?.pid ?? 0, 'SIGINT');
  // the client ends with 0, which --end-on names: so does vaultvisor
  expect(await next.ended).toBe(0);
  expect(await twice(world)).toEqual([]);
});

test('where the client may not be started again, vaultvisor ends with its status; the next start leaves it down', async () => {
  const world = await createWorld();
  await world.name(place, { version: '1.0.0', manner: 'steady' });
  const wrapped = wrap(world, ['--', '--no-such-flag']);
  expect(await wrapped.ended).toBe(2);
  expect(wrapped.output()).toContain('error: unexpected argument --no-such-flag');
  const next = wrap(world, ['--set', 'stop.grace=2s', '--', '--no-such-flag']);
  await world.until(
    'it is down',
    ({ verdict, reason }) => verdict === 'down' && reason?.includes('exited with status 2') === true,
  );
  expect(readFileSync(join(world.home, 'wrap.json'), 'utf8')).toContain('"grace": "2s"');
  next.kill('SIGTERM');
  expect(await next.ended).toBe(0);
});
