import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { presetNames } from '../../src/config/presets/names.ts';
import { presetArgs, presetSettings } from '../../src/config/presets/presets.ts';
import { sumOf } from '../../src/probe/kinds/metric-page.ts';
import { accepted, acceptedClient, argsText, clientsText, rowsIn } from './args-text.ts';

const page = readFileSync(new URL('../../docs/clients.md', import.meta.url), 'utf8');
const parts = (client: object) => ({ client: { preset: 'interbtc-vault', ...client } });
const metrics = (port: number) => `http://127.0.0.1:${port}/metrics`;

describe.each(presetNames)('docs/clients.md tells of %s', (preset) => {
  const section = page.split(`\n### ${preset}\n`)[1]?.split(/\n##/)[0] ?? '';
  const rows = [...section.matchAll(/^\| `([^`]+)` \| `([^`]+)` \| (.+) \|$/gm)];

  test('every key with its value, and no other', () => {
    const told = rows.map(([, key = '', value = '']) => [key, JSON.parse(value)]);
    const held = { args: presetArgs({ preset }, true), ...presetSettings({ preset }) };
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(leaves(held)));
  });

  test('with a reason', () => expect(rows.map(([, key, , why]) => (why ? null : key)).filter(Boolean)).toEqual([]));
});

test('is below what the operator writes, in defaults or at the client, and above what is built in', () => {
  const client = acceptedClient({
    ...parts({ health: { healthyDeadline: '1h' } }),
    top: { defaults: { stop: { grace: '2m' }, health: { healthyDeadline: '2h' } } },
  });
  expect(client.health).toMatchObject({ minHealthyTime: 300_000, healthyDeadline: 3_600_000, exits: 3 });
  expect(client.stop).toEqual({ signal: 'SIGINT', grace: 120_000 });
  expect(client.noRestart).toEqual({ exitCodes: [], lines: ['already running on the system'] });
  expect(client.keep).toBe(1);
});

test('a list of the operator replaces that of the preset', () => {
  expect(acceptedClient(parts({ health: { probes: [] } })).probes).toEqual([]);
});

test('may stand in defaults; a client may have another', () => {
  const config = accepted(
    clientsText(
      { a: {}, b: { preset: 'interbtc-faucet', args: [] } },
      { defaults: { preset: 'interbtc-oracle', args: ['--x'] } },
    ),
  );
  const [a, b] = config.networks[0]!.clients;
  expect(a!.probes).toEqual([{ kind: 'log', text: 'Successfully set exchange rate' }]);
  expect(b!.probes).toEqual([{ kind: 'http', url: 'http://127.0.0.1:3033/health' }]);
});

test('one that is not known is refused with those that are', () => {
  const known = presetNames.map((name) => `"${name}"`).join(', ');
  expect(rowsIn(argsText({ client: { preset: 'interbtc-volt' } }))).toEqual([
    ['networks.n.clients.c.preset', '"interbtc-volt"', `must be one of ${known}`],
  ]);
});

test.each([
  [
    ['--keyname', 'k'],
    ['--keyname', 'k', '--btc-parachain-url', 'wss://node/'],
  ],
  [
    ['--btc-parachain-url', 'ws://mine'],
    ['--btc-parachain-url', 'ws://mine'],
  ],
  [['--btc-parachain-url=ws://mine'], ['--btc-parachain-url=ws://mine']],
  // a flag whose name only begins so is another
  [['--btc-parachain-url-x'], ['--btc-parachain-url-x', '--btc-parachain-url', 'wss://node/']],
])('flags are added behind the arguments unless they are there: %j', (args, all) => {
  expect(acceptedClient(parts({ args })).settings.args).toEqual(all);
});

test('no flag without a node to name, nor where a variable stands for it', () => {
  expect(acceptedClient({ ...parts({}), network: { endpoints: [] } }).settings.args).toEqual([]);
  const env = { SPACEWALK_PARACHAIN_URL: 'wss://mine' };
  expect(acceptedClient({ client: { preset: 'spacewalk-vault', env } }).settings.args).toEqual([]);
});

test.each([
  ['interbtc-vault', { args: ['--prometheus-port', '9700'] }, 9700],
  ['interbtc-vault', { args: ['--prometheus-port=9700'] }, 9700],
  ['interbtc-vault', { env: { PROMETHEUS_PORT: '9700' } }, 9615],
  ['spacewalk-vault', { env: { PROMETHEUS_PORT: '9700' } }, 9700],
  ['spacewalk-vault', {}, 9616],
])('%s with %j: the page is where the operator put it', (preset, said, port) => {
  const { probes } = acceptedClient({ client: { preset, ...said } });
  expect(probes.at(-1)).toMatchObject({ kind: 'metric', url: metrics(port) });
});

test.each([
  ['interbtc-vault', { args: ['--no-prometheus'] }],
  ['spacewalk-vault', { args: ['--no-prometheus'] }],
  ['spacewalk-vault', { env: { NO_PROMETHEUS: 'true' } }],
])('%s with %j: what is not served is not asked', (preset, said) => {
  const { probes, alarms, gates } = acceptedClient({ client: { preset, ...said } });
  expect(probes).toEqual([{ kind: 'log', text: 'Starting all services' }]);
  expect(alarms.hoursToRedeem).toBeNull();
  expect(gates.metrics).toEqual([]);
});

test('two vaults of one bitcoind and one key name are refused, also on two networks', () => {
  const args = ['--keyname', 'mine', '--bitcoin-rpc-url', 'http://user:secret@127.0.0.1:8332/'];
  const vault = (port: string) => ({
    preset: 'interbtc-vault',
    release: { source: 'clients-info' },
    args: [...args, '--prometheus-port', port],
  });
  const network = (port: string) => ({ endpoints: ['wss://node/'], clients: { v: vault(port) } });
  const text = JSON.stringify({ home: '/h', networks: { a: network('9615'), b: network('9617') } });
  expect(rowsIn(text)).toEqual([
    [
      'networks.b.clients.v.exclusive.0',
      '',
      'must not be what a/v holds: an exclusive thing has one client; give each its own, or remove one',
    ],
  ]);
  expect(acceptedClient(parts({ args })).exclusive).toEqual(['bitcoin wallet 127.0.0.1:8332/mine']);
  expect(acceptedClient(parts({ args, exclusive: [] })).exclusive).toEqual([]);
});

test.each([
  [['--keyname', 'mine'], {}, '/h/instances/n/c/data/mine.db'],
  [['--keyname', 'mine'], { cwd: '/srv/vault' }, '/srv/vault/mine.db'],
  [['--keyname', 'mine', '--db-path', 'other'], { cwd: '/srv/vault' }, '/srv/vault/other'],
  [['--keyname', 'mine', '--db-path=/db'], {}, '/db'],
])('with %j and %j the database is %s', (args, more, dir) => {
  expect(acceptedClient(parts({ args, ...more })).data?.dir).toBe(dir);
});

test.each(['interbtc-vault', 'spacewalk-vault'] as const)(
  '%s: each metric that it names is on the page of the client',
  (preset) => {
    const fixture = (name: string) =>
      readFileSync(new URL(`../fixtures/clients/${preset}/${name}`, import.meta.url), 'utf8').replace(
        /\{\w+\}$/gm,
        '7',
      );
    const { probes, gates, alarms } = acceptedClient({ client: { preset } });
    const names = [...probes, ...gates.metrics, alarms.hoursToRedeem].flatMap((one) =>
      one && 'name' in one ? one.name : [],
    );
    expect(names).toContain('redeem_count{status="open"}');
    for (const name of names) expect(sumOf(fixture('metrics.txt'), name), name).toBe(7);
    expect(sumOf(fixture('metrics-first.txt'), 'redeem_count')).toBeNull();
  },
);

test('two vaults that both take the port of the preset are refused', () => {
  const vault = (key: string) => ({ preset: 'interbtc-vault', args: ['--keyname', key] });
  const rows = rowsIn(clientsText({ a: vault('a'), b: vault('b') }));
  expect(new Set(rows.map(([, , message]) => message))).toEqual(
    new Set(["must be this client's own address: n/a is asked at the same one"]),
  );
});

test('of an alarm that a preset has, one part may be said anew; without a preset it takes all of it', () => {
  const alarms = { hoursToRedeem: { below: 4 } };
  expect(acceptedClient(parts({ alarms })).alarms.hoursToRedeem).toEqual({
    url: metrics(9615),
    name: 'remaining_time_to_redeem_hours',
    below: 4,
  });
  const at = 'networks.n.clients.c.alarms.hoursToRedeem';
  expect(rowsIn(argsText({ client: { alarms } })).map(([path]) => path)).toEqual([`${at}.metric`, `${at}.name`]);
});

/** A list is one value. */
function leaves(held: object): readonly (readonly [string, unknown])[] {
  return Object.entries(held).flatMap(([key, value]) =>
    typeof value === 'object' && !Array.isArray(value)
      ? leaves(value).map(([below, leaf]) => [`${key}.${below}`, leaf] as const)
      : [[key, value] as const],
  );
}
