import { expect, test } from 'vitest';
import { acceptedClient, argsText, clientsText, rowsIn } from './args-text.ts';

const agent = { socket: '/vv/run/{network}-{client}.sock' };

test('the socket is where the file says, placeholders filled in; secrets stay as they are written', () => {
  const client = acceptedClient({
    client: { agent, args: ['--seed', '{secret:file:/run/key}'], env: { A: 'x-{secret:env:B}' } },
  });
  expect(client.agent).toEqual({ socket: '/vv/run/n-c.sock' });
  expect(client.settings).toMatchObject({ args: ['--seed', '{secret:file:/run/key}'], env: { A: 'x-{secret:env:B}' } });
  expect(acceptedClient({}).agent).toBeNull();
});

const wrong = 'with an agent: the daemon would do it in its own container, which is not that of the client';

test.each<[object, string, string]>([
  [{ agent: { socket: 'run/agent.sock' } }, 'agent.socket', 'must be an absolute path'],
  [{ agent: { socket: `/${'x'.repeat(107)}` } }, 'agent.socket', 'must not be longer than 107 bytes'],
  [{ agent: {} }, 'agent.socket', 'is missing'],
  [
    { agent, args: ['{secret:vault:/a}'] },
    'args.0',
    'must hold secrets as {secret:file:/absolute/path} or {secret:env:NAME}',
  ],
  [{ agent, args: ['{secret:file:key}'] }, 'args.0', 'must hold secrets as'],
  [{ agent, env: { A: '{secret:env:A B}' } }, 'env.A', 'must hold secrets as'],
  [{ agent, args: ['--keyfile={secret:env:A}'] }, 'args.0', 'must not hold {secret:…}: which key it is'],
  [{ agent, data: { dir: '/data' } }, 'data.dir', `must not be said ${wrong}`],
  [{ agent, preflight: ['--version'] }, 'preflight', `must not be said ${wrong}`],
  [
    { agent, health: { probes: [{ log: 'up' }, { command: ['/bin/true'] }] } },
    'health.probes.1',
    `must not be a command ${wrong}`,
  ],
  [{ agent, parentDeath: 'tini' }, 'parentDeath', 'must not be said with an agent'],
  [{ agent, orphans: 'adopt' }, 'orphans', 'must not be said with an agent'],
])('%j is refused', (client, path, message) => {
  const [row, ...more] = rowsIn(argsText({ client }));
  expect(row?.[0]).toBe(`networks.n.clients.c.${path}`);
  expect(row?.[2]).toContain(message);
  expect(more).toEqual([]);
});

test('two clients of one agent are refused', () => {
  const both = { socket: '/vv/agent.sock' };
  expect(rowsIn(clientsText({ a: { agent: both, identity: 'a' }, b: { agent: both, identity: 'b' } }))).toEqual([
    [
      'networks.n.clients.b.agent.socket',
      '"/vv/agent.sock"',
      'must not be the agent of n/a: an agent runs one client; give each its own',
    ],
  ]);
});
