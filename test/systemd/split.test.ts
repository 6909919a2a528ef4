import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { planSplit } from '../../src/cli/systemd/split/plan.ts';
import { argsText } from '../../src/cli/systemd/split/text.ts';
import { tradeWords } from '../../src/cli/systemd/split/words.ts';
import { parseArgsFile } from '../../src/config/load.ts';
import type { ClientConfig, Config } from '../../src/config/settings.ts';
import { textOf } from '../../src/systemd/unit/unit.ts';
import { type Scratch, scratch } from '../support/cli/home.ts';
import { wanted } from '../support/systemd/wanted.ts';

const vault = (key: string, more: object = {}, ...args: readonly string[]) => ({
  preset: 'interbtc-vault',
  args: ['--keyfile', `/etc/keys/${key}.json`, '--keyname', key, ...args],
  ...more,
});
const three = {
  kintsugi: {
    endpoints: ['wss://kintsugi.example'],
    clients: {
      vault: vault('k', { user: 'kintsugi-vault' }, '--prometheus-port', '9617'),
      oracle: { ...vault('ko'), preset: 'interbtc-oracle' },
    },
  },
  interlay: {
    endpoints: ['wss://interlay.example'],
    clients: { vault: vault('i', { stop: { grace: '20m' } }, '--prometheus-port', '9619') },
  },
};
const whole = (networks: object = three, more: object = {}) =>
  JSON.stringify({
    home: '/var/lib/vaultvisor',
    defaults: { release: { source: 'clients-info' }, env: { RUST_LOG: 'info' } },
    http: { listen: '127.0.0.1:9616' },
    maxUpdating: 2,
    networks,
    ...more,
  });

function read(text: string): Config {
  const parsed = parseArgsFile(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}
const split = (text: string, has: (folder: string) => boolean = () => false) =>
  planSplit(text, read(text), wanted, has);
const clientIn = (config: Config): ClientConfig | undefined => config.networks[0]?.clients[0];

test('each client gets a file that is valid, holds it alone, and says of it what the whole said', () => {
  const text = whole();
  const before = read(text).networks.flatMap(({ clients }) => clients);
  const all = split(text);
  expect(all.map(({ name, file, facts, listen }) => [name, file, facts.home, facts.user, listen])).toEqual(
    [
      ['kintsugi-vault', 'kintsugi-vault', 9616],
      ['kintsugi-oracle', 'vaultvisor', 9618],
      ['interlay-vault', 'vaultvisor', 9620],
    ].map(([name, user, port]) => [
      `vaultvisor-${name}`,
      `/etc/vaultvisor/${name}.json`,
      `/var/lib/vaultvisor-${name}`,
      user,
      `127.0.0.1:${port}`, // 9617 and 9619 are the vaults' own
    ]),
  );
  for (const [index, instance] of all.entries()) {
    const config = read(argsText(instance, wanted.config));
    expect(config.networks.flatMap(({ clients }) => clients)).toHaveLength(1);
    const home = instance.facts.home;
    const was = JSON.stringify(before[index]).replaceAll('/var/lib/vaultvisor/', `${home}/`);
    expect(JSON.stringify(clientIn(config))).toBe(was);
    expect([config.lockDir, config.maxUpdating]).toEqual(['/run/lock/vaultvisor', 1]);
  }
});

test('a client with a user is run by a vaultvisor of that user, in its group, without any right', () => {
  const [first, second] = split(
    whole(
      { a: { clients: { x: { ...who('x'), user: 'ax', group: 'wallets' }, y: who('y') } } },
      { defaults: manifest },
    ),
  );
  const lines = first ? textOf(first.facts).split('\n') : [];
  for (const line of ['User=ax', 'Group=wallets', 'CapabilityBoundingSet=', 'StateDirectoryMode=0700'])
    expect(lines).toContain(line);
  expect(lines.join('\n')).not.toContain('AmbientCapabilities');
  expect(second && textOf(second.facts)).not.toContain('Group=');
});

const who = (identity: string) => ({ identity });
const manifest = { release: { source: 'manifest', url: 'https://releases.example/m.json' } };

test('the folder of the locks is made anew after a boot by whoever is first: the one around it is written to', () => {
  for (const { facts } of split(whole())) expect(textOf(facts)).toMatch(/^ReadWritePaths=-\/run\/lock( |$)/m);
  for (const { facts, value } of split(whole(three, { lockDir: '/srv/locks' }))) {
    expect(value['lockDir']).toBe('/srv/locks');
    expect(textOf(facts)).toMatch(/^ReadWritePaths=-\/srv\/locks/m);
  }
});

test('where a client has been run, nothing about it changes: same folder, same arguments, and the unit may write there', () => {
  const rocks = { ...who('x'), data: { dir: '{data}/rocks' }, args: ['--db', '{data}/rocks'] };
  const text = whole({ a: { clients: { x: rocks, y: who('y') } } }, { defaults: manifest });
  const [before] = read(text).networks[0]?.clients ?? [];
  const [x, y] = split(text, (folder) => folder.endsWith('/a/x'));
  const after = x && clientIn(read(argsText(x, wanted.config)));
  expect(after?.settings).toEqual(before?.settings);
  expect(after?.data?.dir).toBe('/var/lib/vaultvisor/instances/a/x/data/rocks');
  expect(x && textOf(x.facts)).toContain('-/var/lib/vaultvisor/instances/a/x/data');
  expect([x?.former, y?.former]).toEqual(['/var/lib/vaultvisor/instances/a/x', null]);
  expect(y && clientIn(read(argsText(y, wanted.config)))?.settings.cwd).toBe(
    '/var/lib/vaultvisor-a-y/instances/a/y/data',
  );
});

test('who is told of other clients only is told by them only; a heartbeat that all would send is named', () => {
  const at = (name: string) => ({ webhook: { url: `https://${name}.example` } });
  const receivers = {
    all: at('all'),
    kintsugi: { ...at('k'), only: ['kintsugi', 'interlay/vault'] },
    oracles: { ...at('o'), only: ['kintsugi/oracle'] },
    others: { ...at('x'), except: ['interlay'] },
    alive: { heartbeat: { url: 'https://alive.example' } },
  };
  const all = split(whole(three, { notify: { receivers } }));
  const told = all.map((one) => Object.keys((one.value['notify'] as { receivers: object }).receivers));
  expect(told).toEqual([
    ['all', 'kintsugi', 'others', 'alive'],
    ['all', 'kintsugi', 'oracles', 'others', 'alive'],
    ['all', 'kintsugi', 'alive'],
  ]);
  expect(tradeWords(all).join('\n')).toContain('The heartbeat alive is sent by each');
  expect(tradeWords(split(whole())).join('\n')).not.toContain('heartbeat');
});

describe('the command', () => {
  let here: Scratch;
  let units: string;

  beforeEach(async () => {
    here = await scratch();
    onTestFinished(here.remove);
    units = join(here.folder, 'units');
    mkdirSync(units);
    writeFileSync(
      here.file,
      whole(three, { home: here.home, defaults: { ...manifest, env: { API_KEY: 'sesame-open' } } }),
    );
  });
  const perInstance = (...more: readonly string[]) =>
    here.run('systemd', '--per-instance', '--config', here.file, '--into', units, '--for', '252', ...more);
  const files = () =>
    readdirSync(here.folder)
      .filter((name) => name.endsWith('.json'))
      .sort();

  test('shows both files of each, no secret, and writes nothing', async () => {
    const { code, stdout, stderr } = await perInstance();
    expect(code).toBe(0);
    for (const name of ['kintsugi-vault', 'kintsugi-oracle', 'interlay-vault']) {
      expect(stdout).toContain(`# ${join(here.folder, `${name}.json`)}\n`);
      expect(stdout).toContain(`# ${join(units, `vaultvisor-${name}.service`)}\n`);
    }
    expect(stdout).toContain('TimeoutStopSec=1230');
    expect(stdout + stderr).not.toContain('sesame');
    expect(stderr).toContain('[hidden]');
    const explained = await perInstance('--explain', 'interlay');
    expect(explained.stdout).toContain('What it costs');
    expect(explained.stdout).not.toContain('kintsugi-oracle.json');
    expect([files(), readdirSync(units)]).toEqual([['args.json'], []]);
  });

  test('writes them when told: secrets for their reader alone, and valid by the product’s own word; then again, unchanged', async () => {
    const before = readFileSync(here.file, 'utf8');
    for (const _ of ['written', 'written again']) {
      const { code, stdout } = await perInstance('--install');
      expect(code).toBe(0);
      expect(stdout).toContain('systemctl enable --now vaultvisor-kintsugi-vault vaultvisor-kintsugi-oracle');
      expect(stdout).not.toContain('disable');
      expect(stdout).not.toContain('sesame');
    }
    expect(readdirSync(units).sort()).toEqual(
      ['interlay-vault', 'kintsugi-oracle', 'kintsugi-vault'].map((name) => `vaultvisor-${name}.service`),
    );
    for (const name of ['kintsugi-vault', 'kintsugi-oracle', 'interlay-vault']) {
      const path = join(here.folder, `${name}.json`);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(readFileSync(path, 'utf8')).toContain('sesame-open');
      expect(await here.run('config', 'validate', '--config', path)).toMatchObject({ code: 0 });
      expect(statSync(join(units, `vaultvisor-${name}.service`)).mode & 0o777).toBe(0o644);
    }
    expect(readFileSync(here.file, 'utf8')).toBe(before);
  });

  test('where clients have been run, their state is copied after the one for all was stopped, and there is a way back', async () => {
    mkdirSync(join(here.home, 'instances/interlay/vault/data'), { recursive: true });
    await here.run('systemd', '--install', '--config', here.file, '--into', units);
    const { stdout } = await perInstance('--install');
    const lines = stdout.split('\n').map((line) => line.trim());
    const at = (begins: string) => lines.findIndex((line) => line.startsWith(begins));
    const copied = at(
      `tar -C ${join(here.home, 'instances')} --anchored --exclude=interlay/vault/data -c interlay/vault `,
    );
    expect(at('systemctl disable --now vaultvisor')).toBeGreaterThan(0);
    expect(copied).toBeGreaterThan(at('systemctl disable --now vaultvisor'));
    expect(at('systemctl enable --now')).toBeGreaterThan(copied);
    expect(lines.filter((line) => line.startsWith('tar '))).toHaveLength(1);
    expect(at('To go back: systemctl disable --now vaultvisor-')).toBeGreaterThan(0);
  });

  test.each<[string, object, readonly string[], string]>([
    ['an instance that is not there', three, ['kintsugi/valut'], 'Did you mean kintsugi/vault?'],
    ['one of them only', three, ['kintsugi/vault', '--install'], 'All of them, or none'],
    ['a file with one client', { interlay: three.interlay }, ['--install'], 'there is nothing to split'],
    ['a file without any', {}, ['--install'], 'has no client'],
    [
      'a client of which nothing says who it is',
      { a: { clients: { x: who('x'), y: {} } } },
      ['--install'],
      'Nothing says who a/y is',
    ],
    [
      'two of one name',
      { 'a-b': { clients: { c: who('c') } }, a: { clients: { 'b-c': who('d') } } },
      ['--install'],
      'both be called a-b-c',
    ],
  ])('refuses %s, and writes nothing', async (_, networks, more, said) => {
    writeFileSync(here.file, whole(networks, { defaults: manifest }));
    expect(await perInstance(...more)).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining(said) });
    expect([files(), readdirSync(units)]).toEqual([['args.json'], []]);
  });

  test('refuses what is a person’s: an edited file, a unit of another, and a place without --per-instance', async () => {
    writeFileSync(join(here.folder, 'interlay-vault.json'), '// mine\n');
    expect(await perInstance('--install')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('says otherwise'),
    });
    writeFileSync(join(here.folder, 'interlay-vault.json'), '');
    const path = join(units, 'vaultvisor-interlay-vault.service');
    writeFileSync(path, '[Service]\n');
    expect((await perInstance('--install')).code).toBe(64);
    expect(existsSync(join(here.folder, 'kintsugi-vault.json'))).toBe(false);
    expect(readdirSync(units)).toEqual(['vaultvisor-interlay-vault.service']);
    const alone = await here.run('systemd', 'kintsugi/vault', '--config', here.file);
    expect(alone).toMatchObject({ code: 64, stdout: '', stderr: expect.stringContaining('--per-instance') });
  });
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

test.skipIf(!hasSystemd && process.env['CI'] !== 'true')(
  'systemd understands every line of each unit, and little is left to them: also with a user of its own',
  async () => {
    const here = await scratch();
    onTestFinished(here.remove);
    const paths = split(whole()).map(({ name, facts }) => {
      const path = join(here.folder, `${name}.service`);
      writeFileSync(path, textOf({ ...facts, program: [process.execPath, '/main.js'] }));
      return path;
    });
    const verified = spawnSync('systemd-analyze', ['verify', '--recursive-errors=yes', ...paths], { encoding: 'utf8' });
    expect([verified.status, verified.stderr]).toEqual([0, '']);
    const rated = ['security', '--offline=true', '--threshold=24', ...paths];
    const { status, stdout } = spawnSync('systemd-analyze', rated, { encoding: 'utf8' });
    expect([status, stdout.match(/Overall exposure level/g)?.length]).toEqual([0, 3]);
  },
);
