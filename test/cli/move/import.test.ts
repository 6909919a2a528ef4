import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { readDocument } from '../../../src/config/document.ts';
import { parseArgsFile } from '../../../src/config/load.ts';
import { processes } from '../../../src/process/who/processes.ts';
import { type Scratch, scratch } from '../../support/cli/home.ts';
import { type StandInHost, standInHost, startByHost } from '../../support/cli/units.ts';

let here: Scratch;
let host: StandInHost;

beforeEach(async () => {
  vi.unstubAllEnvs();
  here = await scratch();
  host = await standInHost(here.folder);
  onTestFinished(here.remove);
});

const client = '#!/bin/sh\ntrap "exit 0" INT TERM\nwhile [ -e "$0" ]; do sleep 0.05; done\n';
const words = [
  ...['--bitcoin-rpc-url', 'http://localhost:8332', '--bitcoin-rpc-pass', 'hunter two', '--keyfile', 'keys.json'],
  ...['--keyname', 'mine', '--btc-parachain-url', 'wss://api-kusama.interlay.io:443/parachain'],
];

/** The old runner as it is: a process with its flags, and the release below it. */
async function startRunner() {
  const path = join(here.folder, 'runner-files');
  await mkdir(path);
  await here.write('runner-files/vault-parachain-metadata-kintsugi', client);
  const script = `#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done; shift\n${path}/vault-parachain-metadata-kintsugi "$@" &\ntrap 'kill $!' TERM\nwait\n`;
  const program = await here.write('runner-files/runner', script);
  const flags = ['--parachain-ws=wss://api-kusama.interlay.io:443/parachain', '--download-path', path];
  const runner = startByHost(program, [...flags, '--', ...words], {
    cwd: path,
    env: { PATH: process.env['PATH'], HOME: '/root', RUST_LOG: 'info', BITCOIN_RPC_COOKIE_TOKEN: 'planted' },
  });
  while (!processes().some(({ parent }) => parent === runner.pid)) await pause(10);
  return { path, runner };
}

const secrets = () => join(here.folder, 'kintsugi-vault.secrets');
const named = (name: string) => `{secret:file:${join(secrets(), name)}}`;

const valueIn = (text: string) => readDocument(text).document.value as ReturnType<typeof JSON.parse>;
const clientIn = (text: string) => valueIn(text).networks.kintsugi.clients.vault;

describe('a unit of the old runner that is up', () => {
  test('the client below it counts: its words, its folder, its environment; secrets are shown to nobody, and what is printed is an args file', async () => {
    const { path, runner } = await startRunner();
    await host.unit('kintsugi-runner.service', { pid: runner.pid });
    const { code, stdout, stderr } = await here.run('import', '--unit', 'kintsugi-runner', '--config', here.file);
    expect(code).toBe(0);
    expect(parseArgsFile(stdout)).toMatchObject({ ok: true });
    expect(valueIn(stdout).networks.kintsugi).toMatchObject({
      endpoints: ['wss://api-kusama.interlay.io:443/parachain'],
      genesis: '0x9af9a64e6e4da8e3073901c3ff0cc4c3aad9563786d89daf6ad820b6e14a0b8b',
    });
    expect(clientIn(stdout)).toEqual({
      preset: 'interbtc-vault',
      release: { source: 'clients-info', client: 'vault' },
      args: words.map((word) =>
        word === 'hunter two' ? named('bitcoin-rpc-pass') : word.startsWith('wss:') ? '{endpoint}' : word,
      ),
      env: { RUST_LOG: 'info', BITCOIN_RPC_COOKIE_TOKEN: named('bitcoin_rpc_cookie_token') },
      cwd: path,
      start: { initial: `file://${path}/vault-parachain-metadata-kintsugi` },
    });
    expect(stdout + stderr).not.toMatch(/hunter|planted/);
    expect(stderr).toContain('2 secrets are named here, not shown');
    expect(stderr).toContain('The old runner removes a release');
    expect(await host.asked()).toEqual([]);
    expect(runner.exitCode).toBeNull();
  });

  test('--write: the whole of it, for its owner alone, and never over a file that is there', async () => {
    const { runner } = await startRunner();
    await host.unit('kintsugi-runner.service', { pid: runner.pid });
    const line = ['import', '--unit', 'kintsugi-runner', '--write', '--home', here.home, '--config', here.file];
    const { code, stdout, stderr } = await here.run(...line);
    expect(code).toBe(0);
    expect(stdout).toContain('vaultvisor takeover kintsugi/vault --unit kintsugi-runner.service');
    const text = await readFile(here.file, 'utf8');
    expect(text + stdout + stderr).not.toMatch(/hunter|planted/);
    expect(clientIn(text).args).toContain(named('bitcoin-rpc-pass'));
    expect(clientIn(text).env.BITCOIN_RPC_COOKIE_TOKEN).toBe(named('bitcoin_rpc_cookie_token'));
    expect(await readFile(join(secrets(), 'bitcoin-rpc-pass'), 'utf8')).toBe('hunter two\n');
    expect(await readFile(join(secrets(), 'bitcoin_rpc_cookie_token'), 'utf8')).toBe('planted\n');
    const modes = [here.file, secrets(), join(secrets(), 'bitcoin-rpc-pass')].map(
      async (path) => (await stat(path)).mode,
    );
    expect((await Promise.all(modes)).map((mode) => mode & 0o777)).toEqual([0o600, 0o700, 0o600]);
    const again = await here.run(...line);
    expect(again).toMatchObject({ code: 64, stdout: '' });
    expect(again.stderr).toContain('is there already');
    await writeFile(here.file, '{}');
    await writeFile(join(secrets(), 'bitcoin-rpc-pass'), 'a person put this here');
    expect((await here.run(...line, '--force')).code).toBe(0);
    expect(await readFile(here.file, 'utf8')).toBe(text);
    expect(await readFile(join(secrets(), 'bitcoin-rpc-pass'), 'utf8')).toBe('hunter two\n');
  });

  test('another secret that lies there is not replaced, and no args file is written', async () => {
    const { runner } = await startRunner();
    await host.unit('kintsugi-runner.service', { pid: runner.pid });
    await mkdir(secrets());
    await writeFile(join(secrets(), 'bitcoin-rpc-pass'), 'another');
    const refused = await here.run(
      'import',
      '--unit',
      'kintsugi-runner',
      '--write',
      '--home',
      here.home,
      '--config',
      here.file,
    );
    expect(refused).toMatchObject({ code: 64, stdout: '' });
    expect(refused.stderr).toContain('is there already, with another secret');
    expect(await readFile(join(secrets(), 'bitcoin-rpc-pass'), 'utf8')).toBe('another');
    await expect(stat(here.file)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('a unit that is not up is read as it is written: quotes, variables, comments in the middle, how it is stopped', async () => {
  await host.unit('kintsugi-runner.service');
  const old = await here.run('import', '--unit', 'kintsugi-runner.service');
  expect(clientIn(old.stdout).args).toEqual([
    ...['--bitcoin-rpc-url', 'http://localhost:8332', '--bitcoin-rpc-user', 'rpcuser', '--bitcoin-rpc-pass'],
    ...[
      expect.stringMatching(/^\{secret:file:\/.*\/kintsugi-vault\.secrets\/bitcoin-rpc-pass\}$/),
      '--keyfile',
      '/opt/kintsugi/runner/keyfile.json',
      '--keyname',
    ],
    '0x0e5aabe5ff862d66bcba0912bf1b3d4364df0eeec0a8137704e2c16259486a71',
    ...['--auto-register=KSM=3000000000000', '--btc-parachain-url', '{endpoint}'],
  ]);
  expect(clientIn(old.stdout)).not.toHaveProperty('start');
  expect(clientIn(old.stdout)).toMatchObject({ cwd: '/', env: { RUST_LOG: 'info' } });
  expect(old.stderr).toContain('It does not run just now');

  await host.unit('interlay-vault.service');
  const { stdout, stderr } = await here.run('import', '--unit', 'interlay-vault.service', '--as', 'main/btc');
  expect(valueIn(stdout).networks.main.clients.btc).toMatchObject({
    preset: 'interbtc-vault',
    cwd: '/srv/vault data',
    start: { initial: 'file:///opt/interlay/vault/vault' },
    stop: { signal: 'SIGINT', grace: '5m' },
  });
  expect(stderr).toContain('ExecStartPre=/bin/sleep 5s is not carried over');
  expect(stderr).toContain('It requires bitcoind.service');
  expect(valueIn(stdout).networks.main.clients.btc.user).toBe('nobody');
  expect(stderr).toContain('It runs as nobody, and will ("user")');
});

describe('whom a unit that is not up would run as', () => {
  const withUser = async (user: string, dynamic = 'no') => {
    await host.unit('interlay-vault.service');
    const path = join(host.folder, 'interlay-vault.service.show');
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text.replace('User=nobody', `User=${user}`).replace('DynamicUser=no', `DynamicUser=${dynamic}`),
    );
    return here.run('import', '--unit', 'interlay-vault.service', '--as', 'main/btc');
  };
  const userIn = (stdout: string) => valueIn(stdout).networks.main.clients.btc.user;

  test('one that only a directory knows is written down', async () => {
    const getent = '#!/bin/sh\n[ "$2" = vault-ldap ] || exit 2\necho "vault-ldap:*:70123:70100::/srv:/bin/false"\n';
    await writeFile(join(here.folder, 'bin/getent'), getent, { mode: 0o755 });
    const { code, stdout } = await withUser('vault-ldap');
    expect({ code, user: userIn(stdout) }).toEqual({ code: 0, user: 'vault-ldap' });
  });

  test('one that nobody knows is refused: without "user" the client would run as vaultvisor, which may be root', async () => {
    const { code, stdout, stderr } = await withUser('vault-nowhere');
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toContain('This machine has no user vault-nowhere');
    expect(stderr).toContain('Nothing was written');
  });

  test('one that is made up at each start is told, and not written', async () => {
    const { code, stdout, stderr } = await withUser('vault-made-up', 'yes');
    expect({ code, user: userIn(stdout) }).toEqual({ code: 0, user: undefined });
    expect(stderr).toContain('made up at each start (DynamicUser), so no "user" is written');
  });
});

test('a process: the one that started it does as well; without a unit nobody else ends it', async () => {
  const { path, runner } = await startRunner();
  const { code, stdout, stderr } = await here.run('import', '--pid', String(runner.pid));
  expect(code).toBe(0);
  expect(clientIn(stdout)).toMatchObject({ cwd: path, env: { RUST_LOG: 'info' } });
  expect(stderr).toContain('No unit starts it');
  expect(runner.exitCode).toBeNull();
});

test('of several clients below one process none is picked: all are named, and each can be said', async () => {
  const vault = await here.write('vault', client);
  const started = ['a', 'b'].map((name) => `${vault} --keyfile ${name}.json --keyname ${name} &\n`).join('');
  const shell = await here.write('both', `#!/bin/sh\ntrap 'kill $(jobs -p)' TERM\n${started}wait\n`);
  const parent = startByHost(shell, [], { cwd: here.folder, env: { PATH: process.env['PATH'] } });
  const children = () => processes().filter((one) => one.parent === parent.pid);
  while (children().length < 2) await pause(10);
  await vi.waitFor(async () => {
    const { code, stdout, stderr } = await here.run('import', '--pid', String(parent.pid));
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    for (const { pid } of children()) expect(stderr).toContain(String(pid));
  });
  for (const { pid } of children()) expect((await here.run('import', '--pid', String(pid))).code).toBe(0);
});

test('a program that was replaced while it ran is told, with the way to keep what runs', async () => {
  const program = join(here.folder, 'vault');
  await copyFile('/bin/sleep', program);
  const sleeper = startByHost(program, ['600'], { cwd: here.folder });
  await copyFile('/bin/true', `${program}.new`);
  await import('node:fs/promises').then(({ rename }) => rename(`${program}.new`, program));
  const { stderr } = await here.run('import', '--pid', String(sleeper.pid));
  expect(stderr).toContain(`cp /proc/${sleeper.pid}/exe ${program}`);
});

test('a container: its paths as this machine has them, what the image itself says left out, and what stays behind told', async () => {
  const { code, stdout, stderr } = await here.run('import', '--container', 'kintsugi_vault_1');
  expect(code).toBe(0);
  expect(parseArgsFile(stdout)).toMatchObject({ ok: true });
  expect(clientIn(stdout)).toMatchObject({
    preset: 'interbtc-vault',
    env: { RUST_LOG: 'info', BITCOIN_RPC_PASS: expect.stringMatching(/^\{secret:file:/) },
    cwd: '/var/lib/docker/volumes/vaultdata/_data',
    stop: { grace: '2m' },
  });
  expect(clientIn(stdout).env).not.toHaveProperty('IMAGE_SAYS');
  expect(clientIn(stdout).args).toContain('/srv/vault/keyfile.json');
  for (const said of [
    'docker cp',
    '--oracle-file=/etc/x.json is a path of the container',
    'docker update --restart=no',
  ])
    expect(stderr).toContain(said);
  expect(stdout + stderr).not.toMatch(/hunter2|rpcpassword/);
});

test.each([
  [['import'], 'Say one of --unit NAME, --pid N and --container ID.'],
  [['import', '--pid', '1', '--unit', 'x'], 'Only one can be imported at a time'],
  [['import', '--unit', 'nope'], 'systemd knows no unit nope.service'],
  [['import', '--pid', '4194303'], 'There is no process 4194303'],
  [['import', '--container', 'nope'], 'docker knows no container nope'],
  [['import', '--container', 'kintsugi_vault_1', '--as', 'only'], 'only names no client'],
])('%j is refused with 64, and nothing is printed', async (line, said) => {
  const { code, stdout, stderr } = await here.run(...line);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain(said);
});
