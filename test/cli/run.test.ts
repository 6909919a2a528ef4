import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { processAt } from '../../src/process/who/processes.ts';
import { runDaemon } from '../support/cli/daemon.ts';
import { type Scratch, scratch } from '../support/cli/home.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const steady = '#!/bin/sh\ntrap "exit 0" INT\nwhile [ -e "$0" ]; do sleep 0.05; done\n';
const quick = { health: { minHealthyTime: '100ms' } };

async function fresh(): Promise<Scratch> {
  const here = await scratch();
  ends.push(here.remove);
  return here;
}

/** Ended with the test, however that ends; its client leaves when the folder is gone. */
function started(here: Scratch) {
  const daemon = runDaemon(here);
  ends.push(async () => void (await daemon.end('SIGKILL')));
  return daemon;
}

async function instanceOf(here: Scratch) {
  const { stdout, code } = await here.run('status', '--json', '--config', here.file);
  const { instances, daemon } = JSON.parse(stdout);
  return { code, daemon, instance: instances[0] };
}

async function serving(here: Scratch, program: string, settings: object) {
  await here.publish('vault', '1.0.0', program);
  await here.configure({ vault: settings });
  const daemon = started(here);
  await daemon.says('vaultvisor runs');
  for (;;) {
    const { instance } = await instanceOf(here);
    if (instance?.verdict === 'healthy') return { daemon, pid: instance.child.pid as number };
    await pause(50);
  }
}

const isAlive = (pid: number): boolean => processAt(pid) !== null;

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s stops the child and ends with 0; the log is JSON lines on stderr',
  async (signal) => {
    const here = await fresh();
    const { daemon, pid } = await serving(here, steady, quick);
    expect(await daemon.end(signal)).toEqual({ code: 0, signal: null });
    expect(isAlive(pid)).toBe(false);
    for (const line of daemon.log().trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
    expect(await instanceOf(here)).toMatchObject({
      code: 4,
      daemon: null,
      instance: { child: null, current: { version: '1.0.0' } },
    });
  },
);

test('a second SIGINT says what it waits for, and waits on', async () => {
  const here = await fresh();
  const stubborn = `#!/bin/sh\ntrap 'while [ ! -e ${here.folder}/go ]; do sleep 0.05; done; exit 0' INT\nwhile [ -e "$0" ]; do sleep 0.05; done\n`;
  const { daemon, pid } = await serving(here, stubborn, { ...quick, stop: { grace: 'infinite' } });
  process.kill(daemon.pid, 'SIGINT');
  await daemon.says('stopping all clients');
  process.kill(daemon.pid, 'SIGINT');
  await daemon.says(`its child ${pid} leaves in its own time (grace is infinite)`);
  expect(isAlive(pid)).toBe(true);
  await writeFile(join(here.folder, 'go'), '');
  expect(await daemon.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test('killed: the child runs on, and the disk and its lock tell of it; the next daemon takes it from there', async () => {
  const here = await fresh();
  const { daemon, pid } = await serving(here, steady, quick);
  await daemon.end('SIGKILL');
  const alone = await instanceOf(here);
  expect(alone).toMatchObject({
    code: 3,
    daemon: null,
    instance: { ok: false, child: { pid, checksum: alone.instance.current.checksum } },
  });
  expect(Math.abs(Date.parse(alone.instance.child.startedAt) - Date.now())).toBeLessThan(600_000);
  const words = await here.run('status', '--config', here.file);
  expect(words.stdout).toContain('its child runs on, and nobody looks after it');
  const refused = await here.run('hold', '--config', here.file);
  expect(refused).toEqual({
    code: 69,
    stdout: '',
    stderr: `vaultvisor: no vaultvisor runs for this home (${here.home})\n  Nothing was done. Start it with vaultvisor run --config ${here.file}\n`,
  });
  const next = started(here);
  await next.says('restarted');
  expect(isAlive(pid)).toBe(false);
  expect(await next.end('SIGTERM')).toEqual({ code: 0, signal: null });
});

test.each([
  ['missing', null, 'is not there'],
  ['empty', '', 'the file is empty'],
  ['invalid', '{"home": "/h", "networks": {}, "netwroks": {}}', 'netwroks'],
])('an args file that is %s, with none accepted before it, ends 78', async (_name, text, words) => {
  const here = await fresh();
  if (text !== null) await here.write('args.json', text);
  const ran = await here.spawn('run', '--config', here.file);
  expect(ran).toMatchObject({ code: 78, stdout: '' });
  expect(ran.stderr).toContain(words);
});

test('an invalid file after one that was accepted is reported and not in force; --strict refuses it', async () => {
  const here = await fresh();
  const { daemon } = await serving(here, steady, quick);
  await daemon.end('SIGTERM');
  await here.configure({ vault: { ...quick, kep: 1 } });
  const strict = await here.spawn('run', '--strict', '--config', here.file);
  expect(strict).toMatchObject({ code: 78, stdout: '' });
  expect(strict.stderr).toContain('networks.testnet.clients.vault.kep');
  const lenient = started(here);
  await lenient.says('vaultvisor runs');
  expect((await here.run('status', '--config', here.file)).stdout).toContain(
    'was refused; the one before stays in force:',
  );
  await lenient.end('SIGTERM');
});

test('SIGHUP has it read the file again', async () => {
  const here = await fresh();
  const { daemon } = await serving(here, steady, quick);
  await writeFile(here.file, '{');
  process.kill(daemon.pid, 'SIGHUP');
  await daemon.says('the args file was refused');
  await daemon.end('SIGTERM');
});

test('a state that is damaged is told of its client, and left as it is', async () => {
  const here = await fresh();
  await here.configure({ vault: {}, oracle: {} });
  const folder = join(here.home, 'instances', 'testnet', 'vault');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'state.json'), '{"schema": 1');
  const { code, stdout } = await here.run('status', '--config', here.file);
  expect(code).toBe(4);
  expect(stdout).toContain('✖ testnet/vault  down, and its state cannot be read\n    blocked   ');
  expect(stdout).toContain('✖ testnet/oracle  nothing runs yet');
});

test('a folder that was left behind by an earlier file is only history', async () => {
  const here = await fresh();
  await here.configure({ vault: {} });
  await mkdir(join(here.home, 'instances', 'testnet', 'gone'), { recursive: true });
  const named = await here.run('status', '--json', '--config', here.file);
  expect(JSON.parse(named.stdout).instances.map(({ client }: { client: string }) => client)).toEqual(['vault']);
  await writeFile(here.file, `{"home": ${JSON.stringify(here.home)}, "networks": 3}`);
  const unnamed = await here.run('status', '--json', '--config', here.file);
  expect(JSON.parse(unnamed.stdout).instances).toMatchObject([{ client: 'gone', configured: false }]);
});

test('a home that nobody made yet is fine for those who only look', async () => {
  const here = await fresh();
  await here.configure({ vault: {} });
  await rm(here.home, { recursive: true, force: true });
  expect(await here.run('history', '--json', '--config', here.file)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect((await here.run('history', '--config', here.file)).stderr).toBe('Nothing has happened here yet.\n');
  expect(await here.run('status', '--json', '--config', here.file)).toMatchObject({ code: 4, stderr: '' });
  expect(await here.run('which', '--config', here.file)).toMatchObject({ code: 69, stdout: '' });
});
