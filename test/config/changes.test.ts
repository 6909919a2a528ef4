import { expect, test } from 'vitest';
import { describeChanges } from '../../src/config/changes.ts';
import { accepted, argsText, clientsText } from './args-text.ts';

const changes = (before: string | null, after: string) =>
  describeChanges(before === null ? null : accepted(before), accepted(after));

const ofClient = (before: object, after: object) => changes(argsText({ client: before }), argsText({ client: after }));

test('the same file, written otherwise, changes nothing', () => {
  expect(
    ofClient(
      { stop: { grace: '60s' }, env: { A: '1', B: '2' } },
      { stop: { grace: '1m' }, env: { B: '2', A: '1' }, keep: 1 },
    ),
  ).toEqual([]);
});

test.each([
  [{}, { args: ['--x'] }, 'n/c: args changed: a new deployment'],
  [{ env: { A: '1' } }, { env: { A: '2' } }, 'n/c: env changed: a new deployment'],
  [{}, { cwd: '/w' }, 'n/c: cwd changed: a new deployment'],
  [{}, { download: { member: 'vault' } }, 'n/c: download.member changed: a new deployment'],
  [{}, { stop: { grace: '90s' } }, 'n/c: stop.grace 1m → 90s'],
  [{ stop: { grace: 'infinite' } }, {}, 'n/c: stop.grace infinite → 1m'],
  [{}, { stop: { signal: 'SIGTERM' } }, 'n/c: stop.signal SIGINT → SIGTERM'],
  [{}, { liveness: { maxRestarts: '1/d' } }, 'n/c: liveness.maxRestarts 3 in 1h → 1 in 1d'],
  [{}, { health: { probes: [{ log: 'up' }] } }, 'n/c: health.probes [] → [{"kind":"log","text":"up"}]'],
  [{}, { exclusive: ['w'] }, 'n/c: exclusive [] → ["w"]'],
  [
    {},
    { account: '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY' },
    'n/c: account none → 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY',
  ],
  [{}, { strangers: { policy: 'ignore' } }, 'n/c: strangers.policy wait → ignore'],
  [{}, { strangers: { pidFiles: ['/tmp/{network}.pid'] } }, 'n/c: strangers.pidFiles [] → ["/tmp/n.pid"]'],
  [{}, { strangers: { texts: ['a'] } }, 'n/c: strangers.texts [] → ["a"]'],
  [{}, { strangers: { except: ['b'] } }, 'n/c: strangers.except [] → ["b"]'],
  [{}, { guard: { watch: '1h' } }, 'n/c: guard.watch 10m → 1h'],
  [{}, { identity: 'x' }, 'n/c: identity {"rule":"home"} → {"rule":"text","text":"x"}'],
  [{}, { preflight: ['--version'] }, 'n/c: preflight none → ["--version"]'],
  [{}, { keep: 2 }, 'n/c: keep 1 → 2'],
  [
    {},
    { release: { source: 'clients-info' } },
    'n/c: release manifest file:///srv/vault.json every 1m → clients-info "c"',
  ],
])('%j to %j', (before, after, line) => expect(ofClient(before, after)).toEqual([line]));

test('a secret that changes is told, and never shown', () => {
  const with1 = (pass: string) => ({
    args: ['--rpc-pass', pass],
    download: { mirrors: [`https://u:${pass}@m/{checksum}`] },
  });
  const lines = ofClient(with1('one'), with1('two'));
  expect(lines).toEqual([
    'n/c: args changed: a new deployment',
    'n/c: download.mirrors changed in what is not printed here',
  ]);
});

test('clients that come and go, and settings of a network and of the file', () => {
  const after = argsText({
    network: { endpoints: ['wss://other/'] },
    top: { maxUpdating: 2, http: { listen: '127.0.0.1:1' } },
  });
  expect(changes(clientsText({ a: {}, c: {} }), after)).toEqual([
    'maxUpdating 1 → 2',
    'http.listen none → 127.0.0.1:1',
    'n: endpoints ["wss://node/"] → ["wss://other/"]',
    'n/a: removed',
  ]);
  expect(changes(null, clientsText({ a: {}, b: {} }))).toEqual([
    'n/a: added, releases from manifest file:///srv/vault.json every 1m',
    'n/b: added, releases from manifest file:///srv/vault.json every 1m',
  ]);
});
