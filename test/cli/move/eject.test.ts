import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { plainUnit } from '../../../src/cli/eject/plain-unit.ts';
import { assignmentsOf, settingsIn, wordsOf } from '../../../src/cli/import/unit-file.ts';
import { processAt } from '../../../src/process/who/processes.ts';
import { runDaemon } from '../../support/cli/daemon.ts';
import { type Scratch, scratch } from '../../support/cli/home.ts';
import { type StandInHost, standInHost, startByHost } from '../../support/cli/units.ts';

const client = '#!/bin/sh\ntrap "exit 0" INT TERM\necho up\nwhile [ -e "$0" ]; do sleep 0.05; done\n';

let here: Scratch;
let host: StandInHost;

beforeEach(async () => {
  vi.unstubAllEnvs();
  here = await scratch();
  host = await standInHost(here.folder);
  onTestFinished(here.remove);
});

const vault = async () => JSON.parse((await here.run('status', '--json', '--config', here.file)).stdout).instances[0];
const words = (...more: string[]) => [
  ...['eject', '--config', here.file, '--units', join(here.folder, 'written'), '--to', join(here.folder, 'plain')],
  ...more,
];

async function serving() {
  await here.publish('vault', '1.0.0', client);
  const args = ['--keyname', here.folder, '--rpc-password', 'planted secret', '--note', '50% "of" $it'];
  const settings = { args, cwd: here.folder, env: { RUST_LOG: 'info' }, health: { minHealthyTime: '100ms' } };
  await here.configure({ vault: { ...settings, stop: { grace: '7s' } } });
  const daemon = runDaemon(here);
  onTestFinished(async () => void (await daemon.end('SIGKILL')));
  await vi.waitFor(async () => expect(await vault()).toMatchObject({ verdict: 'healthy' }), { timeout: 60_000 });
  return { args, pid: (await vault()).child.pid as number };
}

/** systemd has the unit once it was written and read. */
const known = (unit: string) => host.unit(unit, { enabled: false, like: 'interlay-vault.service' });

test('the plain unit is written while the client serves, then ours is stopped, then the unit is started; what it starts is what ran', async () => {
  const { args, pid } = await serving();
  await known('testnet-vault.service');
  await here.write('units/testnet-vault.service.start', `#!/bin/sh\nkill -0 ${pid} && touch ${here.folder}/both-ran\n`);
  const { code, stdout } = await here.spawn(...words());
  expect(code).toBe(0);
  expect(stdout).toContain('To come back: vaultvisor takeover testnet/vault --unit testnet-vault.service');
  expect(processAt(pid)).toBeNull();
  await expect(stat(join(here.folder, 'both-ran'))).rejects.toThrow('ENOENT');
  expect(await vault()).toMatchObject({ stopped: true, child: null });
  expect(await host.asked()).toEqual(['daemon-reload', 'enable --now -- testnet-vault.service']);
  const unit = await readFile(join(here.folder, 'written/testnet-vault.service'), 'utf8');
  const variables = await readFile(join(here.folder, 'plain/environment'), 'utf8');
  expect(unit).not.toContain('planted');
  expect((await stat(join(here.folder, 'plain/environment'))).mode & 0o777).toBe(0o600);
  const service = settingsIn(unit, 'Service');
  expect(service.get('WorkingDirectory')).toEqual([here.folder]);
  expect(service.get('TimeoutStopSec')).toEqual(['7s']);
  const env = Object.fromEntries(
    variables
      .trim()
      .split('\n')
      .flatMap(assignmentsOf)
      .map((one) => one.split(/=(.*)/s)),
  );
  expect(env).toMatchObject({ RUST_LOG: 'info' });
  expect(wordsOf(service.get('ExecStart')?.[0] ?? '', env)).toEqual([join(here.folder, 'plain/vault-1.0.0'), ...args]);
  expect(await readFile(join(here.folder, 'plain/vault-1.0.0'), 'utf8')).toBe(client);
});

test('beside an old unit that runs the client nothing is started, and the words say what ends it', async () => {
  const { args } = await serving();
  await here.run('stop', '--config', here.file);
  const old = startByHost(await here.write('oldvault', client), args, { cwd: here.folder });
  const { code, stderr } = await here.spawn(...words());
  expect(code).toBe(75);
  expect(stderr).toContain(`testnet/vault runs already without vaultvisor: pid ${old.pid}`);
  expect(await host.asked()).toEqual([]);
});

test('a unit of that name that somebody wrote stays; the client is not touched', async () => {
  const { pid } = await serving();
  await here.write('written-by-hand', '');
  await import('node:fs/promises').then(({ mkdir }) => mkdir(join(here.folder, 'written')));
  await writeFile(join(here.folder, 'written/mine.service'), '# mine\n');
  const refused = await here.spawn(...words('--unit', 'mine'));
  expect(refused).toMatchObject({ code: 64, stdout: '' });
  expect(await readFile(join(here.folder, 'written/mine.service'), 'utf8')).toBe('# mine\n');
  expect((await vault()).child.pid).toBe(pid);
  const printed = await here.spawn(...words('--print'));
  expect(printed.code).toBe(0);
  expect(printed.stdout).toContain('[Service]');
  expect(printed.stdout).not.toContain('planted');
  expect((await vault()).child.pid).toBe(pid);
});

describe('words that systemd would read otherwise', () => {
  const plain = {
    place: 'a/b',
    program: '/opt/v',
    env: {},
    cwd: '/',
    user: 'root',
    signal: 'SIGINT',
    grace: null,
    openFiles: null,
    secrets: [],
    variables: '/e',
  };

  test.each([
    'a b',
    '',
    "it's",
    '100%',
    '$HOME',
    `$${'{HOME}'}`,
    'back\\slash',
    '"quoted"',
    'two\nlines',
    '{braces}',
    '; rm',
  ])('%j comes out as it went in', (word) => {
    const line = settingsIn(plainUnit({ ...plain, args: ['--x', word] }).unit, 'Service').get('ExecStart')?.[0] ?? '';
    expect(wordsOf(line, { HOME: 'wrong' })).toEqual(['/opt/v', '--x', word]);
  });
});
