import { describe, expect, test } from 'vitest';
import { accepted, argsText, clientsText, rowsIn } from './args-text.ts';

const at = 'networks.n.clients';
const unless = 'or set "allowInsecure": true at the top of the file';
const plain = (better: string) => `must not go unencrypted beyond this machine: use ${better}, ${unless}`;
const askHere = `must ask this machine, such as 127.0.0.1: a probe counts only if our client answers it; ${unless} where it listens on an outer address`;
const registry = { source: 'vault-registry', url: 'http://example.org/{version}' };
const probes = (...all: object[]) => ({ health: { probes: all } });
const alarm = (metric: string) => ({ alarms: { hoursToRedeem: { metric, name: 'hours' } } });
const ownAddress = "must be this client's own address: n/a is asked at the same one";
const paysTwice =
  'must not have the identity of n/a: two clients of one account pay twice; give each its own key, or remove one';
const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY';
const exclusive = 'must not be what n/a holds: an exclusive thing has one client; give each its own, or remove one';

const insecure: readonly (readonly [text: string, path: string, value: string, message: string])[] = [
  [
    argsText({ network: { endpoints: ['ws://10.0.0.1:9944'] } }),
    'networks.n.endpoints.0',
    '"ws://10.0.0.1:9944"',
    plain('wss:'),
  ],
  [
    argsText({ client: { release: { source: 'manifest', url: 'http://example.org/m' } } }),
    `${at}.c.release.url`,
    '"http://example.org/m"',
    plain('https:'),
  ],
  [
    argsText({ client: { release: registry } }),
    `${at}.c.release.url`,
    '"http://example.org/{version}"',
    plain('https:'),
  ],
  [
    argsText({ client: { release: { ...registry, url: 'https://a/{version}', migrations: 'http://b/{kind}' } } }),
    `${at}.c.release.migrations`,
    '"http://b/{kind}"',
    plain('https:'),
  ],
  [
    argsText({ client: { download: { mirrors: ['https://a/{checksum}', 'http://{checksum}.b/'] } } }),
    `${at}.c.download.mirrors.1`,
    '"http://{checksum}.b/"',
    plain('https:'),
  ],
  [
    argsText({ client: probes({ http: 'https://example.org/' }) }),
    `${at}.c.health.probes.0.http`,
    '"https://example.org/"',
    askHere,
  ],
  [
    argsText({ client: alarm('http://10.0.0.1:9615/metrics') }),
    `${at}.c.alarms.hoursToRedeem.metric`,
    '"http://10.0.0.1:9615/metrics"',
    askHere,
  ],
  [argsText({ client: probes({ tcp: '10.0.0.1:5' }) }), `${at}.c.health.probes.0.tcp`, '"10.0.0.1:5"', askHere],
  [
    argsText({ top: { http: { listen: '0.0.0.0:9616' } } }),
    'http.listen',
    '"0.0.0.0:9616"',
    `must listen on this machine only, such as "127.0.0.1:9616": it has no password; ${unless}`,
  ],
];

describe('what leaves this machine', () => {
  test.each(insecure)('%s', (text, path, value, message) => {
    expect(rowsIn(text)).toEqual([[path, value, message]]);
  });

  test.each(insecure)('is allowed when the file says so: %s', (text) => {
    expect(accepted(text.replace('{', '{"allowInsecure":true,')).allowInsecure).toBe(true);
  });

  test.each([
    'ws://127.0.0.1:9944',
    'ws://localhost:9944',
    'ws://[::1]:9944',
    'ws://127.1:9944',
    'ws://node.localhost',
  ])('loopback is this machine: %s', (endpoint) =>
    expect(accepted(argsText({ network: { endpoints: [endpoint] } })).networks[0]?.endpoints).toEqual([endpoint]),
  );

  test.each([
    'ws://127.0.0.1.example.org',
    'ws://localhost.example.org',
    'ws://128.0.0.1',
    'ws://127.0.0.1@example.org',
  ])('a name that looks like loopback is not: %s', (endpoint) =>
    expect(rowsIn(argsText({ network: { endpoints: [endpoint] } }))).toHaveLength(1),
  );
});

const between: readonly (readonly [what: string, text: string, rows: readonly (readonly string[])[]])[] = [
  [
    'a client without a source',
    argsText({ network: { clients: { c: {} } } }),
    [
      [
        `${at}.c.release`,
        '',
        'is missing: it must say where releases are announced, such as {"source": "clients-info"}',
      ],
    ],
  ],
  [
    'a chain source without a chain',
    argsText({ client: { release: { source: 'clients-info' } }, network: { endpoints: [] } }),
    [
      [
        'networks.n.endpoints',
        '[]',
        'needs a node: source "clients-info" reads the chain, and this network names none',
      ],
    ],
  ],
  [
    'a deadline before the time that is to be waited',
    argsText({ client: { health: { minHealthyTime: '1h', healthyDeadline: '30m' } } }),
    [
      [
        `${at}.c.health.healthyDeadline`,
        '"30m"',
        'must not be less than health.minHealthyTime, which is 1h: here it is 30m',
      ],
    ],
  ],
  [
    'an orphan that is to be adopted and asked to leave',
    argsText({ client: { orphans: 'adopt', parentDeath: 'tini' } }),
    [
      [
        `${at}.c.parentDeath`,
        '"tini"',
        'must not be "tini" together with orphans "adopt": tini asks the client to leave when vaultvisor dies, so there would be nobody to adopt; remove one of the two',
      ],
    ],
  ],
  [
    'an account without a chain to watch it on',
    argsText({ client: { account: alice }, network: { endpoints: undefined } }),
    [
      [
        `${at}.c.account`,
        `"${alice}"`,
        'needs a node to be watched at, and this network has no "endpoints": name one, or write "guard": {"watch": "0s"}, and a copy on another machine is not noticed',
      ],
    ],
  ],
  [
    'one account, as two networks write it',
    clientsText({ a: { account: alice }, b: { account: '15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5' } }),
    [
      [
        `${at}.b.account`,
        '"15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5"',
        'must not be the account of n/a: two clients of one account pay twice; give each its own, or remove one',
      ],
    ],
  ],
  [
    'one identity as text',
    clientsText({ a: { identity: 'x' }, b: { identity: 'x' } }),
    [[`${at}.b.identity`, '"x"', paysTwice]],
  ],
  [
    'one identity as file',
    clientsText({ a: { identity: { file: '/k' } }, b: { identity: { file: '/./k' } } }),
    [[`${at}.b.identity`, '{"file":"/./k"}', paysTwice]],
  ],
  [
    'one key file in the arguments, written in two ways',
    clientsText({ a: { args: ['--keyfile', '/k'] }, b: { args: ['--keyfile=/k'] } }),
    [[`${at}.b.args`, '["--keyfile=/k"]', paysTwice]],
  ],
  [
    'one key that all inherit',
    clientsText({ a: {}, b: {} }, { defaults: { args: ['--keyfile', '/k'] } }),
    [['defaults.args', '["--keyfile","/k"]', paysTwice]],
  ],
  [
    'one exclusive thing',
    clientsText({ a: { exclusive: ['w'] }, b: { exclusive: ['v', 'w'] } }),
    [[`${at}.b.exclusive.1`, '"w"', exclusive]],
  ],
  [
    'one exclusive thing, twice',
    argsText({ client: { exclusive: ['w', 'w'] } }),
    [[`${at}.c.exclusive.1`, '"w"', 'is written twice: remove one']],
  ],
  [
    'one probe address',
    clientsText({ a: probes({ http: 'http://localhost:9615/a' }), b: probes({ log: 'x' }, { tcp: '127.0.0.1:9615' }) }),
    [[`${at}.b.health.probes.1.tcp`, '"127.0.0.1:9615"', ownAddress]],
  ],
  [
    'a page of another client in an alarm',
    clientsText({ a: probes({ tcp: '127.0.0.1:9615' }), b: alarm('http://127.0.0.1:9615/metrics') }),
    [[`${at}.b.alarms.hoursToRedeem.metric`, '"http://127.0.0.1:9615/metrics"', ownAddress]],
  ],
  [
    'our own address',
    argsText({ client: probes({ tcp: '127.0.0.1:9616' }), top: { http: { listen: 'localhost:9616' } } }),
    [
      [
        `${at}.c.health.probes.0.tcp`,
        '"127.0.0.1:9616"',
        'must be an address of the client: at this one vaultvisor itself listens (http.listen)',
      ],
    ],
  ],
];

describe('between settings', () => {
  test.each(between)('%s', (_what, text, rows) => expect(rowsIn(text)).toEqual(rows));

  test('one chain under two names is one chain', () => {
    const genesis = `0x${'ab'.repeat(32)}`;
    const client = { release: { source: 'clients-info' }, identity: 'x' };
    const network = (hash: string) => ({ genesis: hash, endpoints: ['wss://x/'], clients: { c: client } });
    const text = argsText({ top: { networks: { m: network(genesis), n: network(genesis.replace('ab', 'AB')) } } });
    expect(rowsIn(text)).toEqual([[`${at}.c.identity`, '"x"', paysTwice.replace('n/a', 'm/c')]]);
  });
});

const allowed: readonly (readonly [what: string, text: string])[] = [
  ['a manifest needs no endpoints', argsText({ network: { endpoints: undefined } })],
  [
    'one key with two names',
    clientsText({
      a: { args: ['--keyfile', '/k', '--keyname', '1'] },
      b: { args: ['--keyfile', '/k', '--keyname', '2'] },
    }),
  ],
  [
    'an account that is not watched needs no chain',
    argsText({ client: { account: alice, guard: { watch: '0s' } }, network: { endpoints: undefined } }),
  ],
  ['two clients without identity', clientsText({ a: {}, b: {} })],
  [
    'two probes of one client at one address',
    argsText({ client: probes({ tcp: '127.0.0.1:1' }, { http: 'http://127.0.0.1:1/' }) }),
  ],
  [
    'any free port for us',
    argsText({ client: probes({ tcp: '127.0.0.1:1' }), top: { http: { listen: '127.0.0.1:0' } } }),
  ],
  [
    'a deadline at the time itself',
    argsText({ client: { health: { minHealthyTime: '5m', healthyDeadline: '300s' } } }),
  ],
  ['no network at all', argsText({ top: { networks: {} } })],
  ['a network without clients', argsText({ network: { clients: {} } })],
  [
    'one identity on two chains',
    argsText({
      top: {
        networks: Object.fromEntries(
          ['m', 'n'].map((name) => [
            name,
            { endpoints: ['wss://x'], clients: { c: { release: { source: 'clients-info' }, identity: 'x' } } },
          ]),
        ),
      },
    }),
  ],
];

test.each(allowed)('allowed: %s', (_what, text) => expect(rowsIn(text)).toEqual([]));

describe('users', () => {
  test.each([
    [{ group: 'vaults' }, 'group', '"vaults"', 'must not be there without "user"'],
    [
      { user: 'me', agent: { socket: '/run/agent.sock' } },
      'user',
      '"me"',
      'must not be there together with "agent": the agent’s container says whom it runs as; remove it',
    ],
  ])('%j is refused', (client, key, value, message) => {
    expect(rowsIn(argsText({ client }))).toContainEqual([`${at}.c.${key}`, value, message]);
  });

  test.each(['me', '1000', 'me@example.org', 'machine$'])('a user may be called %s', (user) =>
    expect(accepted(argsText({ client: { user } })).networks[0]?.clients[0]?.settings.user).toEqual({
      name: user,
      group: null,
    }),
  );

  test.each(['', 'two words', '-x', '../me', 'a:b'])('nobody is called “%s”', (user) =>
    expect(rowsIn(argsText({ client: { user } })).map(([path]) => path)).toEqual([`${at}.c.user`]),
  );
});
