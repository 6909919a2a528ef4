import { describe, expect, test } from 'vitest';
import { accepted, acceptedClient, argsText } from './args-text.ts';

const minute = 60_000;
const hour = 60 * minute;

test('what a file that says nothing means', () => {
  expect(accepted('{"home": "/h", "networks": {}}')).toEqual({
    home: '/h',
    lockDir: null,
    allowInsecure: false,
    maxUpdating: 1,
    maxStarting: 2,
    http: null,
    control: { group: null },
    notify: null,
    networks: [],
  });
});

test('what a client that says nothing means', () => {
  expect(acceptedClient()).toEqual({
    network: 'n',
    client: 'c',
    source: { source: 'manifest', url: 'file:///srv/vault.json', interval: minute },
    compatibility: null,
    settings: { args: [], env: {}, cwd: '/h/instances/n/c/data', member: null },
    files: {},
    when: [],
    migrateArguments: { timeout: 10_000 },
    verify: null,
    initial: null,
    identity: { rule: 'home' },
    account: null,
    guard: { watch: 10 * minute },
    strangers: { policy: 'wait', keyFiles: [], keyName: null, pidFiles: [], texts: [], except: [] },
    exclusive: [],
    startDelay: 0,
    stop: { signal: 'SIGINT', grace: minute },
    restart: { after: 1_000, max: 5 * minute, stableAfter: 10 * minute },
    noRestart: { exitCodes: [], lines: [] },
    health: { minHealthyTime: 5 * minute, healthyDeadline: 30 * minute, exits: 3, rollbackWindow: 24 * hour },
    probes: [],
    liveness: { failFor: 10 * minute, restarts: 3, per: hour },
    restartOn: [],
    alarms: { hoursToRedeem: null },
    retry: { after: hour, max: 24 * hour, attempts: 3 },
    keep: 1,
    allowDowngrade: true,
    data: null,
    download: { after: minute, max: 6 * hour, maxBytes: 512 * 1024 ** 2, mirrors: [], fetch: 'always' },
    preflight: null,
    orphans: 'terminate',
    parentDeath: null,
    agent: null,
    gates: {
      allow: [],
      deny: [],
      approval: 'none',
      requireHealthy: false,
      specVersion: null,
      block: null,
      windows: [],
      minAge: 0,
      rollout: { window: 0, group: null },
      metrics: [],
      fleetLock: null,
      urgentWait: minute,
      drain: null,
    },
  });
});

test('everything that may be said', () => {
  const metric = 'http://127.0.0.1:9615/metrics';
  const client = acceptedClient({
    client: {
      cwd: '{data}/{network}',
      account: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
      guard: { watch: '0s' },
      args: ['--keyfile=/k.json', '--keyname', 'me'],
      strangers: { policy: 'ignore', pidFiles: ['{data}/{client}.pid'], texts: ['--id={network}'], except: ['top'] },
      exclusive: ['w'],
      identity: { file: 'key' },
      start: { delay: '30s', initial: 'file:///usr/bin/vault' },
      stop: { signal: 'SIGTERM', grace: 'infinite' },
      restart: {
        delay: '1ms',
        max: '2s',
        stableAfter: '1d',
        noRestart: { exitCodes: [2], lines: ['already running'] },
      },
      health: {
        exits: 5,
        probes: [
          { http: 'http://127.0.0.1:1/' },
          { tcp: '[::1]:2' },
          { command: ['true', ''].slice(0, 1) },
          { log: 'up' },
          { metric, name: 'm', maxRise: 1, within: '10m' },
          { metric, name: 'm', min: 0, max: 2 },
        ],
      },
      liveness: { maxRestarts: '0/d' },
      download: { maxBytes: 7, mirrors: ['https://m/{checksum}'], member: 'vault' },
      preflight: ['--version'],
      orphans: 'refuse',
      parentDeath: 'tini',
    },
  });
  expect(client).toMatchObject({
    settings: { cwd: '/h/instances/n/c/data/{network}', member: 'vault' },
    identity: { rule: 'file', path: '/h/instances/n/c/data/{network}/key' },
    initial: 'file:///usr/bin/vault',
    account: {
      address: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
      id: '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d',
    },
    guard: { watch: 0 },
    strangers: {
      policy: 'ignore',
      keyFiles: ['/k.json', '/h/instances/n/c/data/{network}/key'],
      keyName: 'me',
      pidFiles: ['/h/instances/n/c/data/c.pid'],
      texts: ['--id=n'],
      except: ['top'],
    },
    startDelay: 30_000,
    stop: { signal: 'SIGTERM', grace: null },
    restart: { after: 1, max: 2_000, stableAfter: 24 * hour },
    noRestart: { exitCodes: [2], lines: ['already running'] },
    health: { minHealthyTime: 5 * minute, exits: 5 },
    liveness: { failFor: 10 * minute, restarts: 0, per: 24 * hour },
    download: { after: minute, maxBytes: 7, mirrors: ['https://m/{checksum}'] },
    preflight: ['--version'],
    orphans: 'refuse',
    parentDeath: 'tini',
  });
  expect(client.probes).toEqual([
    { kind: 'http', url: 'http://127.0.0.1:1/' },
    { kind: 'tcp', host: '::1', port: 2 },
    { kind: 'command', command: ['true'] },
    { kind: 'log', text: 'up' },
    { kind: 'metric', url: metric, name: 'm', min: null, max: null, maxRise: 1, within: 10 * minute },
    { kind: 'metric', url: metric, name: 'm', min: 0, max: 2, maxRise: null, within: null },
  ]);
});

test('the file itself: places, numbers, and a genesis in one spelling', () => {
  const genesis = `0x${'AB'.repeat(32)}`;
  const top = {
    $schema: 'x',
    lockDir: '/l',
    maxUpdating: 3,
    maxStarting: 4,
    http: { listen: '[::1]:0', hosts: ['a.example.org'] },
  };
  const config = accepted(argsText({ network: { genesis }, top }));
  expect(config).toMatchObject({
    lockDir: '/l',
    maxUpdating: 3,
    maxStarting: 4,
    http: { host: '::1', port: 0, hosts: ['a.example.org'] },
  });
  expect(config.networks[0]?.genesis).toBe(genesis.toLowerCase());
  expect(config).not.toHaveProperty('$schema');
});

test('networks and clients keep the order of the file, also where names look like numbers', () => {
  const client = '{"release": {"source": "manifest", "url": "file:///m"}}';
  const clients = ['z', '2', 'a', '1'].map((name) => `"${name}": ${client}`).join();
  const config = accepted(
    `{"home": "/h", "networks": {"9": {"clients": {${clients}}}, "b": {"clients": {}}, "0": {"clients": {}}}}`,
  );
  expect(config.networks.map(({ name }) => name)).toEqual(['9', 'b', '0']);
  expect(config.networks[0]?.clients.map(({ client: name }) => name)).toEqual(['z', '2', 'a', '1']);
});

describe('sources', () => {
  test.each([
    [{ source: 'clients-info' }, { source: 'clients-info', client: 'c' }],
    [
      { source: 'clients-info', client: 'Vault' },
      { source: 'clients-info', client: 'Vault' },
    ],
    [
      { source: 'vault-registry', url: 'https://x/{version}/{network}/{os}-{arch}' },
      { source: 'vault-registry', url: 'https://x/{version}/{network}/{os}-{arch}', migrations: null },
    ],
    [
      { source: 'vault-registry', url: 'https://x/{version}', migrations: 'https://x/{version}/{kind}' },
      { source: 'vault-registry', url: 'https://x/{version}', migrations: 'https://x/{version}/{kind}' },
    ],
    [
      { source: 'manifest', url: 'https://x/m', interval: '100ms' },
      { source: 'manifest', url: 'https://x/m', interval: 100 },
    ],
  ])('%j', (release, source) => expect(acceptedClient({ client: { release } }).source).toEqual(source));
});

describe('defaults', () => {
  test('objects are joined, lists and values replaced, and what the client says comes first', () => {
    const client = {
      args: ['own'],
      env: { B: 'own' },
      stop: { grace: '1s' },
      restart: { noRestart: { lines: ['own'] } },
    };
    const defaults = {
      args: ['a', 'b'],
      env: { A: 'all', B: 'all' },
      stop: { signal: 'SIGTERM', grace: '2s' },
      restart: { noRestart: { exitCodes: [2], lines: ['all'] } },
      keep: 0,
    };
    expect(acceptedClient({ client, top: { defaults } })).toMatchObject({
      settings: { args: ['own'], env: { A: 'all', B: 'own' } },
      stop: { signal: 'SIGTERM', grace: 1_000 },
      noRestart: { exitCodes: [2], lines: ['own'] },
      restart: { after: 1_000 },
      keep: 0,
    });
  });

  test('a release is inherited; of another source nothing is taken over', () => {
    const release = { source: 'manifest', url: 'https://all/m', interval: '1s' };
    const clients = {
      a: {},
      b: { release: { source: 'manifest', url: 'https://own/m' } },
      c: { release: { source: 'clients-info' } },
    };
    const config = accepted(argsText({ network: { clients }, top: { defaults: { release } } }));
    expect(config.networks[0]?.clients.map(({ source }) => source)).toEqual([
      { source: 'manifest', url: 'https://all/m', interval: 1_000 },
      { source: 'manifest', url: 'https://own/m', interval: 1_000 },
      { source: 'clients-info', client: 'c' },
    ]);
  });
});
