import { describe, expect, test } from 'vitest';
import { client as clientSchema } from '../../src/config/schema/client.ts';
import { argsText, problemsIn, rowsIn } from './args-text.ts';

const atClient = 'networks.n.clients.c';
const time = 'must be a time of 1ms or more: a whole number and ms, s, m, h or d, such as "90s"';
const grace = 'must be a time such as "60s" (a whole number and ms, s, m, h or d), or "infinite"';
const anObject = 'must be an object in braces';
const aText = 'must be a text in double quotes';
const aName =
  'must be a name of at most 63 characters: lower-case letters, digits, dot, underscore and hyphen, and a letter or digit first';
const restarts = 'must be a number of restarts in a second, minute, hour or day, such as "3/h"';
const bytes = 'must be a number of bytes, 1 or more, or a text such as "512MiB"';
const argsList = 'must be a list of texts, one for each argument: ["--keyfile", "/etc/vaultvisor/key.json"]';
const oneKind = 'must have exactly one of http, tcp, command, log, metric';
const aTemplate =
  'must be a URL such as "https://example.org/{version}/vault-{network}", with {version}, {network}, {os} and {arch} in its path and no other braces';
const aMigration =
  'must be a URL such as "https://example.org/{version}/migrate-{kind}", with {version}, {kind}, {network}, {os} and {arch} in its path and no other braces';
const anAccount = 'must be an account as SS58 writes it, such as "5GrwvaEF…": a digit may be wrong';
const aManifest = 'must be a URL: "https://…", or "file:///" and an absolute path';
const aSource = 'must be "clients-info", "vault-registry" or "manifest"';
const aMirror =
  'must be a URL, such as "https://example.org/releases/{checksum}"; it may hold {checksum}, and no other braces';
const listen = 'must be an address and a port, such as "127.0.0.1:9616" or "[::1]:9616"';
const dial = 'must be an address and a port from 1 up, such as "127.0.0.1:9615"';
const page = 'must be an http or https URL, such as "http://127.0.0.1:9615/metrics"';
const metric = 'http://127.0.0.1:9615/metrics';

type Row = readonly [client: object, path: string, value: string, message: string];

const probe = (said: object, path: string, value: string, message: string): Row => [
  { health: { probes: [said] } },
  `health.probes.0${path}`,
  value,
  message,
];

const ofClient: readonly Row[] = [
  [{ release: 5 }, 'release', '5', `must be an object with "source": "clients-info", "vault-registry" or "manifest"`],
  [{ release: { source: 'github' } }, 'release.source', '"github"', aSource],
  [{ release: {} }, 'release.source', '', `is missing: it ${aSource}`],
  [{ release: { source: 'clients-info', client: '' } }, 'release.client', '""', 'must not be empty'],
  [
    { release: { source: 'clients-info', url: 'x' } },
    'release.url',
    '"x"',
    'is not a known key: known here are source, client, compatibility',
  ],
  [{ release: { source: 'manifest' } }, 'release.url', '', `is missing: it ${aManifest}`],
  [{ release: { source: 'manifest', url: 'ftp://x/y' } }, 'release.url', '"ftp://x/y"', aManifest],
  [{ release: { source: 'manifest', url: 'file://x/y' } }, 'release.url', '"file://x/y"', aManifest],
  [
    { release: { source: 'manifest', url: 'https://x/', interval: '99ms' } },
    'release.interval',
    '"99ms"',
    time.replace('1ms', '100ms'),
  ],
  [{ release: { source: 'vault-registry', url: 'file:///vault' } }, 'release.url', '"file:///vault"', aTemplate],
  [
    { release: { source: 'vault-registry', url: 'https://{version}.x/{version}' } },
    'release.url',
    '"https://{version}.x/{version}"',
    aTemplate,
  ],
  [
    { release: { source: 'vault-registry', url: 'https://x/{version}/{checksum}' } },
    'release.url',
    '"https://x/{version}/{checksum}"',
    aTemplate,
  ],
  ...[
    'file:///migrate',
    'https://{version}.x/{kind}',
    'https://x/{version}/{checksum}',
    'https://x/{version}#{kind}',
  ].map(
    (migrations): Row => [
      { release: { source: 'vault-registry', url: 'https://x/{version}', migrations } },
      'release.migrations',
      `"${migrations}"`,
      aMigration,
    ],
  ),
  [
    { release: { source: 'manifest', url: 'https://x/', compatibility: ['--specs'] } },
    'release.compatibility',
    '["--specs"]',
    'is not a known key: known here are source, url, interval',
  ],
  [
    { release: { source: 'clients-info', compatibility: '--specs' } },
    'release.compatibility',
    '"--specs"',
    'must be a list of texts: arguments for the new program, or a command that begins with an absolute path',
  ],
  [
    { release: { source: 'clients-info', compatibility: [] } },
    'release.compatibility',
    '[]',
    'must hold an argument, such as "--spec-versions": without one the new program would begin to serve',
  ],
  [{ args: '--keyfile k' }, 'args', '"--keyfile k"', argsList],
  [{ args: ['--port', 9615] }, 'args.1', '9615', aText],
  [{ args: ['a\u0000b'] }, 'args.0', '"a\\u0000b"', 'must not hold a NUL character'],
  [{ env: [] }, 'env', '[]', anObject],
  [{ env: { A: 1 } }, 'env.A', '1', aText],
  [{ env: { 'A=B': '1' } }, 'env.A=B', '"1"', 'must be the name of an environment variable, without "="'],
  [
    { cwd: 'data' },
    'cwd',
    '"data"',
    'must be an absolute path, or begin with {data}, the folder that vaultvisor keeps for this client',
  ],
  [{ identity: 5 }, 'identity', '5', 'must be a text, or {"file": "/path"} whose content counts'],
  [
    { identity: { path: '/k' } },
    'identity',
    '{"path":"/k"}',
    'must be a text, or {"file": "/path"} whose content counts',
  ],
  [{ account: 'me' }, 'account', '"me"', anAccount],
  [{ account: 7 }, 'account', '7', anAccount],
  [
    { account: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQX' },
    'account',
    '"5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQX"',
    anAccount,
  ],
  [{ guard: { watch: 'never' } }, 'guard.watch', '"never"', time.replace('1ms', '0ms')],
  [{ strangers: { policy: 'kill' } }, 'strangers.policy', '"kill"', 'must be "wait" or "ignore"'],
  [
    { strangers: { pidFiles: ['vault.pid'] } },
    'strangers.pidFiles.0',
    '"vault.pid"',
    'must be an absolute path, or begin with {data}, the folder that vaultvisor keeps for this client',
  ],
  [{ strangers: { texts: [''] } }, 'strangers.texts.0', '""', 'must not be empty'],
  [{ strangers: { except: 'vim' } }, 'strangers.except', '"vim"', 'must be a list of texts'],
  [{ exclusive: 'wallet' }, 'exclusive', '"wallet"', 'must be a list of texts'],
  [{ start: { delay: '-1s' } }, 'start.delay', '"-1s"', time.replace('1ms', '0ms')],
  [
    { start: { initial: '/usr/bin/vault' } },
    'start.initial',
    '"/usr/bin/vault"',
    'must be "file:///" and an absolute path',
  ],
  [
    { stop: { signal: 'SIGKILL' } },
    'stop.signal',
    '"SIGKILL"',
    'must be one of SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGUSR1 and SIGUSR2 (SIGKILL follows by itself after "grace")',
  ],
  [{ stop: { grace: '6 s' } }, 'stop.grace', '"6 s"', grace],
  [{ stop: { grace: 60 } }, 'stop.grace', '60', grace],
  [{ stop: { grace: '0s' } }, 'stop.grace', '"0s"', grace],
  [{ stop: { gracee: '60s' } }, 'stop.gracee', '"60s"', 'is not a known key: did you mean "grace"?'],
  [{ restart: { delay: '0ms' } }, 'restart.delay', '"0ms"', time],
  [{ restart: { max: '1.5h' } }, 'restart.max', '"1.5h"', time],
  [{ restart: { max: '999999d' } }, 'restart.max', '"999999d"', time],
  [
    { restart: { noRestart: { exitCodes: [256] } } },
    'restart.noRestart.exitCodes.0',
    '256',
    'must be an exit code, 0 to 255',
  ],
  [{ restart: { noRestart: { lines: [''] } } }, 'restart.noRestart.lines.0', '""', 'must not be empty'],
  [{ health: { exits: 0 } }, 'health.exits', '0', 'must be a whole number, 1 or more'],
  [{ health: { exits: 1.5 } }, 'health.exits', '1.5', 'must be a whole number, 1 or more'],
  [{ health: { probes: {} } }, 'health.probes', '{}', 'must be a list of probes'],
  probe({}, '', '{}', oneKind),
  probe({ log: 'x', tcp: '127.0.0.1:1' }, '', '{"log":"x","tcp":"127.0.0.1:1"}', oneKind),
  probe({ http: 'localhost:80' }, '.http', '"localhost:80"', page),
  probe({ tcp: '127.0.0.1:0' }, '.tcp', '"127.0.0.1:0"', dial),
  probe({ tcp: '127.0.0.1:70000' }, '.tcp', '"127.0.0.1:70000"', dial),
  probe({ command: [] }, '.command', '[]', 'must name a program'),
  probe({ log: 'x', within: '5m' }, '.within', '"5m"', 'belongs to a metric probe: this one has no "metric"'),
  probe({ metric, min: 1 }, '.name', '', 'is missing: it must be the name of the metric'),
  probe({ metric, name: 'm' }, '', `{"metric":"${metric}","name":"m"}`, 'must have a limit: min, max, maxRise'),
  probe(
    { metric, name: 'm', maxRise: 1 },
    '.within',
    '',
    'is missing: it must be the time that "maxRise" is for, such as "10m"',
  ),
  probe({ metric, name: 'm', min: 1, within: '5m' }, '.within', '"5m"', 'belongs to "maxRise": this probe has none'),
  probe({ metric, name: 'm', maxRise: -1, within: '5m' }, '.maxRise', '-1', 'must be 0 or more'),
  probe({ metric, name: 'm', min: 2, max: 1 }, '.min', '2', 'must not be above "max"'),
  [{ liveness: { maxRestarts: 3 } }, 'liveness.maxRestarts', '3', restarts],
  [{ liveness: { maxRestarts: '3/w' } }, 'liveness.maxRestarts', '"3/w"', restarts],
  [{ retry: { attempts: -1 } }, 'retry.attempts', '-1', 'must be a whole number, 0 or more'],
  [{ keep: '1' }, 'keep', '"1"', 'must be a whole number, 0 or more'],
  [{ allowDowngrade: 'no' }, 'allowDowngrade', '"no"', 'must be true or false, without quotes'],
  [{ download: { maxBytes: '5MB' } }, 'download.maxBytes', '"5MB"', bytes],
  [{ download: { maxBytes: 0 } }, 'download.maxBytes', '0', bytes],
  [{ download: { maxBytes: '99999999GiB' } }, 'download.maxBytes', '"99999999GiB"', bytes],
  [{ download: { mirrors: ['https://x/{version}'] } }, 'download.mirrors.0', '"https://x/{version}"', aMirror],
  [{ download: { member: '' } }, 'download.member', '""', 'must not be empty'],
  [
    { preflight: [] },
    'preflight',
    '[]',
    'must hold an argument, such as "--version": without one the new program would begin to serve',
  ],
  [
    { preflight: '--version' },
    'preflight',
    '"--version"',
    'must be a list of texts: arguments for the new program, or a command that begins with an absolute path',
  ],
  [{ orphans: 'keep' }, 'orphans', '"keep"', 'must be "terminate", "adopt" or "refuse"'],
  [{ parentDeath: true }, 'parentDeath', 'true', 'must be "tini", or left out'],
  [
    { binary: 'x' },
    'binary',
    '"x"',
    `is not a known key: known here are ${Object.keys(clientSchema.shape).join(', ')}`,
  ],
];

describe('of a client', () => {
  test.each(ofClient)('%j', (client, path, value, message) => {
    expect(rowsIn(argsText({ client }))).toEqual([[`${atClient}.${path}`, value, message]]);
  });

  test.each(ofClient)('the same in defaults: %j', (defaults, path, value, message) => {
    expect(rowsIn(argsText({ top: { defaults } }))).toEqual([[`defaults.${path}`, value, message]]);
  });
});

const absolute = 'must be an absolute path, such as "/var/lib/vaultvisor"';
const oneOrMore = 'must be a whole number, 1 or more';

const ofTheRest: readonly (readonly [text: string, path: string, value: string, message: string])[] = [
  ['5', '', '', anObject],
  ['{"networks":{}}', 'home', '', `is missing: it ${absolute}`],
  ['{"home":"/h"}', 'networks', '', `is missing: it ${anObject}`],
  [argsText({ top: { home: 'var/lib' } }), 'home', '"var/lib"', absolute],
  [argsText({ top: { home: '~/v' } }), 'home', '"~/v"', absolute],
  [argsText({ top: { lockDir: 'locks' } }), 'lockDir', '"locks"', absolute],
  [argsText({ top: { maxUpdating: 0 } }), 'maxUpdating', '0', oneOrMore],
  [argsText({ top: { maxStarting: 'all' } }), 'maxStarting', '"all"', oneOrMore],
  [argsText({ top: { allowInsecure: 'true' } }), 'allowInsecure', '"true"', 'must be true or false, without quotes'],
  [argsText({ top: { http: true } }), 'http', 'true', anObject],
  [argsText({ top: { http: {} } }), 'http.listen', '', `is missing: it ${listen}`],
  [argsText({ top: { http: { listen: ':9616' } } }), 'http.listen', '":9616"', listen],
  [argsText({ top: { http: { listen: '127.0.0.1:99999' } } }), 'http.listen', '"127.0.0.1:99999"', listen],
  [
    argsText({ top: { http: { listen: '127.0.0.1:1', hosts: ['vault-1:9616'] } } }),
    'http.hosts.0',
    '"vault-1:9616"',
    'must be the name of a host without a port, such as "vaultvisor.example.org"',
  ],
  [argsText({ top: { netwroks: {} } }), 'netwroks', '{}', 'is not a known key: did you mean "networks"?'],
  [argsText({ top: { networks: [] } }), 'networks', '[]', anObject],
  [argsText({ top: { networks: { n: {} } } }), 'networks.n.clients', '', `is missing: it ${anObject}`],
  [argsText({ top: { networks: { Kintsugi: { clients: {} } } } }), 'networks.Kintsugi', '{"clients":{}}', aName],
  [argsText({ network: { clients: { '../x': {} } } }), 'networks.n.clients.../x', '{}', aName],
  [argsText({ network: { clients: { ['c'.repeat(64)]: {} } } }), `networks.n.clients.${'c'.repeat(64)}`, '{}', aName],
  [argsText({ network: { endpoints: 'wss://x' } }), 'networks.n.endpoints', '"wss://x"', 'must be a list of URLs'],
  [
    argsText({ network: { endpoints: ['https://x'] } }),
    'networks.n.endpoints.0',
    '"https://x"',
    'must be a WebSocket URL, such as "wss://rpc.example.org"',
  ],
  [
    argsText({ network: { genesis: '0x12' } }),
    'networks.n.genesis',
    '"0x12"',
    'must be the hash of the block 0: 0x and 64 hex digits',
  ],
];

test.each(ofTheRest)('of the rest: %s', (text, path, value, message) => {
  expect(rowsIn(text)).toEqual([[path, value, message]]);
});

test('everything wrong is told at once, in the order of the file, with its place', () => {
  const text = `{
    "home": "/h",
    "maxStarting": 0,
    "networks": {
      "n": { "clients": {
        "b": { "release": { "source": "clients-info" } },
        "a": { "args": 5, "release": { "source": "manifest", "url": "http://example.org/x" } },
        "c": { "release": { "source": "manifest", "url": "http://example.org/x" }, "stop": { "signal": 2 } },
        "d": { "release": { "source": "manifest", "url": "http://example.org/x" } }
      } }
    },
    "stray": 1
  }`;
  expect(problemsIn(text).map(({ path, line, column }) => [path, line, column])).toEqual([
    ['maxStarting', 3, 5],
    ['networks.n.endpoints', 5, 7],
    ['networks.n.clients.a.args', 7, 16],
    ['networks.n.clients.c.stop.signal', 8, 94],
    ['networks.n.clients.d.release.url', 9, 51],
    ['stray', 12, 5],
  ]);
});

test('what only follows from another fault is not told', () => {
  const release = { source: 'manifest', url: 'http://127.0.0.1/' };
  const inherits = argsText({ network: { clients: { c: {} } }, top: { defaults: { release, keep: -1 } } });
  expect(problemsIn(inherits).map(({ path }) => path)).toEqual(['defaults.keep']);
  const allows = argsText({ network: { endpoints: ['ws://10.0.0.1'] }, top: { allowInsecure: 'yes' } });
  expect(problemsIn(allows).map(({ path }) => path)).toEqual(['allowInsecure']);
});

test('a value is shortened, and secrets in it are hidden', () => {
  const text = argsText({ client: { argv: ['--bitcoin-rpc-pass', 'hunter2', 'x'.repeat(200)] } });
  const [problem] = problemsIn(text);
  expect(problem?.value).toMatch(/^\["--bitcoin-rpc-pass","\[hidden\]","x+…$/);
  expect(problem?.value.length).toBe(80);
});

test('an accepted file has no problems', () => {
  expect(rowsIn(argsText())).toEqual([]);
});
