import { hash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { processAt } from '../../../src/process/who/processes.ts';
import { runDaemon } from '../../support/cli/daemon.ts';
import { type Scratch, scratch } from '../../support/cli/home.ts';
import { type StandInHost, standInHost, startByHost } from '../../support/cli/units.ts';

const UNIT = 'kintsugi-runner.service';
const client = '#!/bin/sh\ntrap "exit 0" INT TERM\necho up\nwhile [ -e "$0" ]; do sleep 0.05; done\n';

let here: Scratch;
let host: StandInHost;
let program: string;

beforeEach(async () => {
  vi.unstubAllEnvs();
  here = await scratch();
  host = await standInHost(here.folder);
  onTestFinished(here.remove);
  program = await here.write('vault-old', client);
  await here.write('vault.json', 'null');
});

const words = () => ['--keyname', here.folder];

/** The unit with a client of a name that nobody else has, and vaultvisor beside it, told to go on with the same program. */
async function twoOfOne(settings: object = {}, started = words()) {
  const old = startByHost(program, started, { cwd: here.folder });
  await host.unit(UNIT, { pid: old.pid });
  const usual = { args: words(), cwd: here.folder, start: { initial: `file://${program}` } };
  await here.configure({
    vault: { ...usual, health: { minHealthyTime: '100ms' }, stop: { grace: '5s' }, ...settings },
  });
  const daemon = runDaemon(here);
  onTestFinished(async () => void (await daemon.end('SIGKILL')));
  await daemon.says('another client of this account is on this machine');
  return { old, daemon };
}

const line = (...more: string[]) =>
  here.spawn('takeover', 'testnet/vault', '--unit', UNIT, '--config', here.file, ...more);

async function vault() {
  const { stdout } = await here.run('status', '--json', '--config', here.file);
  return JSON.parse(stdout).instances[0];
}

const record = async () => JSON.parse(await readFile(join(here.home, 'instances/testnet/vault/takeover.json'), 'utf8'));
const isAlive = (pid: number) => processAt(pid) !== null;

test('the unit is disabled and stopped, its process leaves, and the same program goes on in the same folder; the words undo it', async () => {
  const secret = await here.write('pass', 'hunter two\n');
  const given = (word: string) => [...words(), '--rpc-pass', word];
  const { old } = await twoOfOne({ args: given(`{secret:file:${secret}}`) }, given('hunter two'));
  const { code, stdout, stderr } = await line();
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringMatching(/vaultvisor:|its arguments|hunter/) });
  const { child, next, current } = await vault();
  expect(stdout.split('\n')).toEqual([
    `1/4  ${UNIT} is not started at boot any more`,
    `2/4  ${UNIT} is stopped`,
    '3/4  the last of its processes has left',
    expect.stringMatching(
      new RegExp(`^4/4 {2}vaultvisor runs testnet/vault as pid ${child.pid}, after .* without a client$`),
    ),
    `To go back: vaultvisor stop testnet/vault && systemctl enable --now ${UNIT}`,
    'vaultvisor status testnet/vault tells how it does.',
    '',
  ]);
  expect(isAlive(old.pid)).toBe(false);
  // what is only named is compared, and given, as what it is
  expect(await readFile(`/proc/${child.pid}/cmdline`, 'utf8')).toContain('--rpc-pass\0hunter two\0');
  expect((next ?? current).checksum).toBe(`0x${hash('sha256', client, 'hex')}`);
  expect(await import('node:fs/promises').then(({ readlink }) => readlink(`/proc/${child.pid}/cwd`))).toBe(here.folder);
  expect(await host.asked()).toEqual([`disable -- ${UNIT}`, `stop -- ${UNIT}`]);
  expect(await record()).toMatchObject({ unit: UNIT, enabled: true, done: true });
  const again = await line();
  expect(again).toMatchObject({ code: 64, stdout: '' });
  expect(again.stderr).toContain(`It was taken over from ${UNIT}: nothing is left to do.`);
  expect((await vault()).child.pid).toBe(child.pid);
});

test('a step that fails says what stands and both ways; said again it goes on where it was', async () => {
  const { old } = await twoOfOne();
  await writeFile(join(host.folder, 'refuses.stop'), 'Failed to stop: Transport endpoint is not connected\n');
  const failed = await line();
  expect(failed).toMatchObject({ code: 69, stdout: `1/4  ${UNIT} is not started at boot any more\n` });
  expect(failed.stderr).toContain('Transport endpoint is not connected');
  expect(failed.stderr).toContain(`${UNIT} is disabled, and still runs the client`);
  expect(failed.stderr).toContain(`Go on: vaultvisor takeover testnet/vault --unit ${UNIT}`);
  expect(failed.stderr).toContain(`Go back: vaultvisor stop testnet/vault && systemctl enable --now ${UNIT}`);
  expect(isAlive(old.pid)).toBe(true);
  expect((await vault()).child).toBeNull();
  await import('node:fs/promises').then(({ rm }) => rm(join(host.folder, 'refuses.stop')));
  // the unit need not be named again, and that it was enabled is not forgotten
  const { code, stdout } = await here.spawn('takeover', '--config', here.file, '--unit', UNIT);
  expect(code).toBe(0);
  expect(stdout).toContain(`systemctl enable --now ${UNIT}`);
  expect(isAlive(old.pid)).toBe(false);
});

test('where nothing can be disabled nothing was changed', async () => {
  const { old } = await twoOfOne();
  await writeFile(join(host.folder, 'refuses.disable'), 'Failed to disable unit: Access denied\n');
  const failed = await line();
  expect(failed).toMatchObject({ code: 77, stdout: '' });
  expect(failed.stderr).toContain('Nothing was changed.');
  expect(isAlive(old.pid)).toBe(true);
  expect(await host.isEnabled(UNIT)).toBe(true);
});

test.each([
  ['another program', { start: { initial: 'file:///bin/true' } }, 'it runs vault-old'],
  ['another folder', { cwd: '/' }, 'it works in'],
])(
  '%s would be another client: refused, with the line to write, unless a person accepts it',
  async (_, settings, said) => {
    const { old } = await twoOfOne(settings);
    const refused = await line();
    expect(refused).toMatchObject({ code: 64, stdout: '' });
    expect(refused.stderr).toContain(said);
    expect(await host.asked()).toEqual([]);
    expect(isAlive(old.pid)).toBe(true);
  },
);

test('a client that is of no unit, or not of this one, is not ended: the words say who ends it', async () => {
  const { old } = await twoOfOne();
  const other = startByHost('/bin/sleep', ['600'], { cwd: '/' });
  await host.unit(UNIT, { pid: other.pid });
  const foreign = await line();
  expect(foreign).toMatchObject({ code: 75, stdout: '' });
  expect(foreign.stderr).toContain(`is not alone: there is pid ${old.pid}`);
  const unnamed = await here.spawn('takeover', '--config', here.file);
  expect(unnamed).toMatchObject({ code: 64, stdout: '' });
  expect(unnamed.stderr).toContain(`kill -INT ${old.pid}`);
  expect(await host.asked()).toEqual([]);
  await pause(200);
  expect([isAlive(old.pid), isAlive(other.pid)]).toEqual([true, true]);
});

test('after it was gone back from, the words take it over again, though a person had it stopped', async () => {
  const { old } = await twoOfOne();
  await here.run('stop', 'testnet/vault', '--config', here.file);
  expect((await line()).code).toBe(0);
  expect(await vault()).toMatchObject({ stopped: false, child: { pid: expect.any(Number) } });
  expect(isAlive(old.pid)).toBe(false);
});

test('without a daemon nothing is begun', async () => {
  await host.unit(UNIT);
  await here.configure({ vault: {} });
  const { code, stderr } = await line();
  expect(code).toBe(69);
  expect(stderr).toContain('Nothing was done.');
  expect(await host.asked()).toEqual([]);
});
