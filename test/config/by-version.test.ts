import { describe, expect, test } from 'vitest';
import { configFor } from '../../src/config/config-for.ts';
import { deploymentOf } from '../../src/core/deployment.ts';
import { checksum } from '../support/deployments.ts';
import { acceptedClient, argsText, problemsIn } from './args-text.ts';

const release = (version: string | null, uri: string | null = null) => ({ checksum: checksum('r'), uri, version });

const client = acceptedClient({
  client: {
    args: ['--keyfile', '/k', '--old'],
    env: { A: '1', B: '{network}' },
    health: { minHealthyTime: '1m', probes: [{ log: 'up' }] },
    stop: { signal: 'SIGTERM' },
    when: [
      { version: '>=1.24 <2', args: ['--keyfile', '/k', '--new={client}'], health: { minHealthyTime: '1h' } },
      { version: '>=1', env: { B: '2', C: '3' }, stop: { grace: '5s' } },
    ],
    files: { 'vault.toml': '/etc/{network}.toml' },
    migrated: ['AB'.repeat(32)],
    verify: { command: ['/bin/verify'] },
    download: { fetch: 'never' },
  },
});

describe('the first rule that holds the release counts, and no other', () => {
  test.each([
    ['1.24.3', ['--keyfile', '/k', '--new=c'], { A: '1', B: 'n' }],
    ['kintsugi-1.25.0-rc1', ['--keyfile', '/k', '--new=c'], { A: '1', B: 'n' }],
    ['1.23.0', ['--keyfile', '/k', '--old'], { A: '1', B: '2', C: '3' }],
    ['0.9.0', ['--keyfile', '/k', '--old'], { A: '1', B: 'n' }],
    [null, ['--keyfile', '/k', '--old'], { A: '1', B: 'n' }],
  ])('args and env of %s', (version, args, env) => {
    expect(deploymentOf(release(version), client.settings)).toMatchObject({ args, env });
  });

  test('health, probes and stop: what the rule does not say is the client’s, and of two times that belong together the other gives way', () => {
    const { health, probes, stop } = client;
    expect(configFor(client, release('1.24.0'))).toMatchObject({
      health: { ...health, minHealthyTime: 3_600_000, healthyDeadline: 3_600_000 },
      probes,
      stop,
    });
    expect(configFor(client, release(null, 'https://example.org/1.0.0/vault'))).toMatchObject({
      health,
      stop: { signal: 'SIGTERM', grace: 5_000 },
    });
    for (const none of [release('0.1.0'), release(null), null]) expect(configFor(client, none)).toBe(client);
  });
});

test('files, migrated, verify and fetch as the program sees them', () => {
  expect(client).toMatchObject({
    files: { 'vault.toml': '/etc/n.toml' },
    settings: { migrated: [`0x${'ab'.repeat(32)}`] },
    verify: { command: ['/bin/verify'], timeout: 60_000 },
    download: { fetch: 'never' },
  });
  expect(client.settings).not.toHaveProperty('files');
});

test.each<[object, string, string]>([
  [{ when: [{ version: 'newest' }] }, 'when.0.version', 'must be a range of versions'],
  [{ when: [{ version: ' ' }] }, 'when.0.version', 'must be a range of versions'],
  [{ when: [{ args: [] }] }, 'when.0.version', 'is missing'],
  [{ when: [{ version: '1', keep: 2 }] }, 'when.0.keep', 'is not a known key'],
  [
    { args: ['--keyfile=/a'], when: [{ version: '1', args: ['--keyfile=/b'] }] },
    'when.0.args',
    'must name the same --keyfile',
  ],
  [{ args: ['--keyfile=/a'], when: [{ version: '1', args: [] }] }, 'when.0.args', 'must name the same --keyfile'],
  [{ when: [{ version: '1', args: ['{secret:x}'] }] }, 'when.0.args.0', 'must hold secrets as {secret:file:'],
  [
    { when: [{ version: '1', health: { minHealthyTime: '2h', healthyDeadline: '1h' } }] },
    'when.0.health.healthyDeadline',
    'must not be less',
  ],
  [
    { when: [{ version: '1', health: { probes: [{ http: 'http://10.0.0.1/' }] } }] },
    'when.0.health.probes.0.http',
    'must ask this machine',
  ],
  [{ args: ['--keyfile', '{files}/key.json'] }, 'args', 'must not name a --keyfile below {files}'],
  [{ files: { '../x': '/x' } }, 'files.../x', 'must be a plain file name'],
  [{ files: { x: 'x' } }, 'files.x', 'must be an absolute path'],
  [{ migrated: ['0x12'] }, 'migrated.0', 'must be a SHA-256'],
  [{ verify: { command: ['gpg'] } }, 'verify.command', 'must begin with an absolute path'],
  [{ verify: { command: [] } }, 'verify.command', 'must name a program'],
  [{ download: { fetch: 'no' } }, 'download.fetch', 'must be "always" or "never"'],
])('%j is refused at %s', (own, path, message) => {
  expect(problemsIn(argsText({ client: own }))).toEqual([
    expect.objectContaining({ path: `networks.n.clients.c.${path}`, message: expect.stringContaining(message) }),
  ]);
});
