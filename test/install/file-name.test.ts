import { expect, test } from 'vitest';
import { deploymentOf } from '../../src/core/deployment.ts';
import { isProgramName, programName } from '../../src/install/file-name.ts';

const nameOf = (uri: string | null, member: string | null = null, key = 'vault') =>
  programName(
    deploymentOf({ checksum: `0x${'a'.repeat(64)}`, uri, version: null }, { args: [], env: {}, cwd: '/', member }),
    key,
  );

test.each([
  ['https://example.org/releases/1.2/vault-parachain', 'vault-parachain'],
  ['https://example.org/vault_1.2.0?token=a/b#for=0x1', 'vault_1.2.0'],
  ['file:///opt/interlay/interbtc-vault', 'interbtc-vault'],
  [`https://example.org/${'x'.repeat(64)}`, 'x'.repeat(64)],
])('%s runs under its own name', (uri, name) => {
  expect(nameOf(uri)).toBe(name);
});

test.each([
  null,
  '',
  'not a url',
  'vault',
  'https://example.org',
  'https://example.org/a/',
  'https://example.org/.bashrc',
  'https://example.org/..%2f..%2fetc%2fpasswd',
  'https://example.org/..',
  'https://example.org/-rf',
  'https://example.org/a%20b',
  'https://example.org/a;b',
  'https://example.org/vault%00',
  'https://example.org/args.json',
  'https://example.org/deployment.json',
  `https://example.org/${'x'.repeat(65)}`,
])('%s names no file that we would make, so the key does', (uri) => {
  expect(nameOf(uri)).toBe('vault');
});

test("an archive's program has the name of the member", () => {
  expect(nameOf('https://example.org/all.tar.gz', 'dist-1.2/bin/oracle')).toBe('oracle');
  expect(nameOf('https://example.org/all.tar.gz', 'oracle')).toBe('oracle');
  expect(nameOf('https://example.org/all.tar.gz', '../..')).toBe('vault');
});

test('a key that is the name of a record gives way too', () => {
  expect(nameOf(null, null, 'args.json')).toBe('client');
  expect(nameOf(null, null, 'deployment.json')).toBe('client');
});

test('no name leads out of its folder', () => {
  for (const name of ['..', '.', '', 'a/b', 'a\0', 'a\n', '/', '~', 'é']) expect(isProgramName(name), name).toBe(false);
});
