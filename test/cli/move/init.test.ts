import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { parseArgsFile } from '../../../src/config/load.ts';
import { environment, type Scratch, scratch } from '../../support/cli/home.ts';
import { startPublished } from '../../support/published.ts';
import { openTerminal } from '../../support/terminal.ts';

let here: Scratch;

beforeEach(async () => {
  here = await scratch();
  onTestFinished(here.remove);
});

const flags = ['--preset', 'interbtc-vault', '--keyfile', '/etc/key.json', '--keyname', 'mine'];
const init = (...more: string[]) => here.run('init', '--config', here.file, '--home', here.home, ...more);

test('by flags alone: the chain is looked at, what will be downloaded is told, and the file is valid and for its owner alone', async () => {
  const published = await startPublished();
  const { uri, checksum } = published.name('vault', '/vault-1.2.3', Buffer.from('x'.repeat(12_345)));
  const { endpoint, genesis } = published.node;
  const line = ['--network', 'mynet', '--endpoint', endpoint, '--client-port', '9615', ...flags];
  const { code, stdout, stderr } = await init(...line, '--', '--bitcoin-rpc-url', 'http://127.0.0.1:8332');
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('vaultvisor:') });
  for (const said of [genesis, checksum, `${uri}, 12 345 bytes`, `vaultvisor check --config ${here.file}`])
    expect(stdout).toContain(said);
  const text = await readFile(here.file, 'utf8');
  const parsed = parseArgsFile(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const [network] = parsed.config.networks;
  expect(network).toMatchObject({ name: 'mynet', endpoints: [endpoint], genesis });
  expect(network?.clients[0]).toMatchObject({
    client: 'vault',
    source: { source: 'clients-info', client: 'vault' },
    identity: { rule: 'keyfile', path: '/etc/key.json', keyname: 'mine' },
    settings: {
      args: expect.arrayContaining(['--prometheus-port', '--bitcoin-rpc-url', '--btc-parachain-url', endpoint]),
    },
  });
  expect(text.match(/^ *\/\/ /gm)?.length).toBeGreaterThan(8);
  expect((await stat(here.file)).mode & 0o777).toBe(0o600);
});

test.each([
  [[], '--network is missing'],
  [['--network', 'kintsugi'], '--preset is missing'],
  [['--network', 'other', '--preset', 'interbtc-vault'], '--endpoint is missing'],
  [['--network', 'kintsug', ...flags], 'did you mean kintsugi?'],
  [['--network', 'kintsugi', ...flags, '--home', 'home'], '--home home is not understood'],
  [['--network', 'kintsugi', '--preset', 'interbtc-vault'], '--keyfile is missing'],
  [['--network', 'kintsugi', ...flags, '--keyfile', 'key.json'], '--keyfile key.json is not understood'],
  [['--network', 'kintsugi', ...flags, '--preset', 'vault'], '--preset vault is not understood'],
  [['--network', 'kintsugi', ...flags, '--client-port', '0'], '--client-port 0 is not understood'],
])('%j without a terminal asks nothing: 64, and the flag is named', async (line, said) => {
  const { code, stdout, stderr } = await init(...line);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain(said);
  await expect(stat(here.file)).rejects.toThrow('ENOENT');
});

test('a node of another chain than the network that is meant is refused, and so is one that does not answer', async () => {
  const { node, name } = await startPublished();
  const { endpoint } = node;
  name('vault', '/vault', Buffer.from('x'));
  const other = await init('--network', 'kintsugi', '--endpoint', endpoint, ...flags);
  expect(other).toMatchObject({
    code: 76,
    stderr: expect.stringContaining('is a node of another chain than Kintsugi'),
  });
  await node.stop();
  const gone = await init('--network', 'mynet', '--endpoint', endpoint, ...flags);
  expect(gone).toMatchObject({ code: 69, stderr: expect.stringContaining('--offline') });
  await expect(stat(here.file)).rejects.toThrow('ENOENT');
  expect((await init('--network', 'kintsugi', ...flags, '--offline')).code).toBe(0);
  expect(await readFile(here.file, 'utf8')).toContain(
    '0x9af9a64e6e4da8e3073901c3ff0cc4c3aad9563786d89daf6ad820b6e14a0b8b',
  );
});

test('what the file would not be accepted with is told, and not as if it had been written', async () => {
  const { code, stderr } = await init('--network', 'kintsugi', ...flags, '--offline', '--listen', '99');
  expect([code, stderr]).toEqual([78, expect.stringMatching(/http\.listen = "99"[\s\S]*Nothing was written/)]);
  expect(stderr).not.toContain('looks again');
  await expect(stat(here.file)).rejects.toThrow('ENOENT');
});

test('a key file that is not there is told; one that is there is given to the user of the unit', async () => {
  const missing = join(here.folder, 'none.json');
  const line = ['--network', 'kintsugi', ...flags, '--offline'];
  const without = await init(...line, '--keyfile', missing);
  expect(without).toMatchObject({ code: 0, stderr: expect.stringContaining(`The key file ${missing} is not there`) });
  const key = join(here.folder, 'key.json');
  await writeFile(key, '{}', { mode: 0o600 });
  const units = ['--install-unit', '--units', here.folder, '--user', 'nobody', '--force'];
  const { code, stdout, stderr } = await init(...line, '--keyfile', key, ...units);
  expect([code, stdout]).toEqual([0, expect.stringContaining(`  chown nobody ${here.file} ${key}`)]);
  expect(stderr).not.toContain('key file');
});

test('a file that is there is never replaced without --force, nor is anybody asked before that is known', async () => {
  await writeFile(here.file, '// mine\n');
  const line = ['--network', 'kintsugi', ...flags, '--offline'];
  expect(await init(...line)).toMatchObject({
    code: 64,
    stdout: '',
    stderr: expect.stringContaining('is there already'),
  });
  expect(await readFile(here.file, 'utf8')).toBe('// mine\n');
  expect((await init(...line, '--force')).code).toBe(0);
  expect(parseArgsFile(await readFile(here.file, 'utf8'))).toMatchObject({ ok: true });
});

const offline = ['--network', 'kintsugi', ...flags, '--offline'];

test('without a terminal the unit is written where --install-unit says so, and nowhere else; nothing is started', async () => {
  const units = join(here.folder, 'units');
  await mkdir(units);
  const without = await init(...offline, '--units', units);
  expect(without.stdout).toContain(`vaultvisor systemd --install --config ${here.file}`);
  expect(await readdir(units)).toEqual([]);
  const { code, stdout } = await init(...offline, '--units', units, '--user', 'nobody', '--install-unit', '--force');
  expect(code).toBe(0);
  const path = join(units, 'vaultvisor.service');
  for (const said of [
    `Wrote ${path}. Nothing is started yet.`,
    '  systemctl daemon-reload',
    '  systemctl enable --now vaultvisor',
  ])
    expect(stdout).toContain(said);
  // it is for its owner alone, and the daemon is to read it
  expect(stdout).toContain(`  chown nobody ${here.file}`);
  const unit = await readFile(path, 'utf8');
  for (const line of ['User=nobody', 'KillMode=mixed', `run --config ${here.file}`]) expect(unit).toContain(line);
});

test.each([
  ['where units cannot be written', () => join(here.folder, 'none'), 77, 'No unit can be written'],
  ['over another’s unit', () => here.folder, 64, 'was not written by vaultvisor'],
])('--install-unit %s is refused before anything is written', async (_, units, status, said) => {
  await writeFile(join(here.folder, 'vaultvisor.service'), '[Service]\n');
  const { code, stderr } = await init(...offline, '--units', units(), '--install-unit');
  expect([code, stderr]).toEqual([status, expect.stringContaining(said)]);
  await expect(stat(here.file)).rejects.toThrow('ENOENT');
  expect(await readFile(join(here.folder, 'vaultvisor.service'), 'utf8')).toBe('[Service]\n');
});

test('on a terminal it asks whether to write the unit, and says where; a no leaves the command', async () => {
  const main = resolve(import.meta.dirname, '../../../dist/cli/main.js');
  const units = join(here.folder, 'units');
  await mkdir(units);
  const terminal = await openTerminal(environment(here.folder), 200, 40);
  onTestFinished(terminal.close);
  const line = [process.execPath, main, 'init', '--config', here.file, '--home', here.home, ...offline, '--force'];
  const all = [...line, '--endpoint', 'wss://kintsugi.example', '--client-port', '9615', '--units', units].join(' ');
  const answer = async (key: string): Promise<string> => {
    const before = terminal.written().length;
    terminal.type(`${all}; echo ended $?\n`);
    await terminal.until((written) => written.slice(before).includes('Write a hardened unit'));
    expect(await readdir(units)).toEqual([]);
    terminal.type(key);
    await terminal.until((written) => written.slice(before).includes('ended 0'));
    return terminal.written().slice(before);
  };
  const no = await answer('n');
  expect(no).toContain(join(units, 'vaultvisor.service'));
  expect(no).toContain(`vaultvisor systemd --install --config ${here.file}`);
  expect(await readdir(units)).toEqual([]);
  expect(await answer('y')).toContain('systemctl enable --now vaultvisor');
  expect(await readdir(units)).toEqual(['vaultvisor.service']);
});
