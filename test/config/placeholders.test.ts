import { describe, expect, test } from 'vitest';
import { acceptedClient, argsText, rowsIn } from './args-text.ts';

const registry = { source: 'vault-registry', url: 'https://x/{version}' };
const filled = (text: string, client: object = {}) =>
  acceptedClient({ client: { args: [text], ...client } }).settings.args[0];

describe('what is filled in', () => {
  test.each([
    ['{network}/{client}', 'n/c'],
    ['--url={endpoint}', '--url=wss://node/'],
    ['{data}{data}', '/h/instances/n/c/data/h/instances/n/c/data'],
    ['{version}', '{version}'],
    ['{{network}}', '{n}'],
    [
      '{Network} { network } {} {os} {"a":{"b":1}} $client_x {secrets}',
      '{Network} { network } {} {os} {"a":{"b":1}} $client_x {secrets}',
    ],
  ])('%s', (text, expected) => expect(filled(text)).toBe(expected));

  test('in values of the environment, not in their names', () => {
    const { env } = acceptedClient({ client: { env: { '{client}': '{client}' } } }).settings;
    expect(env).toEqual({ '{client}': 'c' });
  });

  test('nowhere else', () => {
    const client = {
      exclusive: ['{network}'],
      identity: '{client}',
      preflight: ['{data}'],
      health: { probes: [{ log: '{client}' }] },
    };
    expect(acceptedClient({ client })).toMatchObject({
      exclusive: ['{network}'],
      identity: { text: '{client}' },
      preflight: ['{data}'],
      probes: [{ text: '{client}' }],
    });
  });

  test('what was filled in is not looked at again, and is taken as it is', () => {
    const client = { args: ['{data}', '{client}'], cwd: '{data}/x' };
    const { args, cwd } = acceptedClient({ client, top: { home: '/h$&{client}' } }).settings;
    expect(args).toEqual(['/h$&{client}/instances/n/c/data', 'c']);
    expect(cwd).toBe('/h$&{client}/instances/n/c/data/x');
  });

  test('the endpoint is the first of the list as it is written', () => {
    const network = { endpoints: ['WSS://Second.example'.toLowerCase(), 'wss://first/'] };
    expect(acceptedClient({ client: { args: ['{endpoint}'] }, network }).settings.args).toEqual([
      'wss://second.example',
    ]);
  });

  test('a version is left for the release, with a manifest and with a vault-registry', () => {
    expect(filled('{version}')).toBe('{version}');
    expect(filled('{version}', { release: registry })).toBe('{version}');
  });
});

const at = 'networks.n.clients.c';

const refused: readonly (readonly [what: string, text: string, rows: readonly string[]])[] = [
  [
    'a secret that is nowhere',
    argsText({ client: { args: ['a', '{secret:pass}'] } }),
    [
      `${at}.args.1`,
      '"{secret:pass}"',
      'must hold secrets as {secret:file:/absolute/path} or {secret:env:NAME}: a file or a variable of whoever starts the client, its agent or vaultvisor',
    ],
  ],
  [
    'in the environment too',
    argsText({ client: { env: { A: 'x{secret:}' } } }),
    [
      `${at}.env.A`,
      '"x{secret:}"',
      'must hold secrets as {secret:file:/absolute/path} or {secret:env:NAME}: a file or a variable of whoever starts the client, its agent or vaultvisor',
    ],
  ],
  [
    'who the client is is no secret',
    argsText({ client: { args: ['--keyname', '{secret:file:/name}'] } }),
    [
      `${at}.args.1`,
      '"{secret:file:/name}"',
      'must not hold {secret:…}: which key it is says who the client is, and is compared with others; the key itself lies in its own file',
    ],
  ],
  [
    'no endpoints',
    argsText({ client: { args: ['{endpoint}'] }, network: { endpoints: [] } }),
    [`${at}.args.0`, '"{endpoint}"', 'must not hold {endpoint}: this network names no endpoints'],
  ],
  [
    'clients-info has no version',
    argsText({ client: { args: ['{version}'], release: { source: 'clients-info' } } }),
    [`${at}.args.0`, '"{version}"', 'must not hold {version}: a release of clients-info need not have one'],
  ],
  [
    'the first deployment has no version',
    argsText({ client: { env: { V: '{version}' }, release: registry, start: { initial: 'file:///v' } } }),
    [`${at}.env.V`, '"{version}"', 'must not hold {version}: the first deployment, start.initial, has none'],
  ],
  [
    'from defaults',
    argsText({ network: { endpoints: [] }, top: { defaults: { args: ['{endpoint}'] } } }),
    ['defaults.args.0', '"{endpoint}"', 'must not hold {endpoint}: this network names no endpoints'],
  ],
];

test.each(refused)('refused: %s', (_what, text, row) => expect(rowsIn(text)).toEqual([row]));

test('a placeholder in defaults that nobody takes over hurts nobody', () => {
  const text = argsText({
    client: { args: [] },
    network: { endpoints: [] },
    top: { defaults: { args: ['{endpoint}'] } },
  });
  expect(rowsIn(text)).toEqual([]);
});
