import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { nameSecrets } from '../../../src/cli/import/name-secrets.ts';
import { putIn } from '../../../src/put-in.ts';

const at = (name: string) => `{secret:file:/etc/vv/x.secrets/${name}}`;
const named = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  nameSecrets({ args, env }, '/etc/vv/x.secrets');

describe('what becomes of a command line', () => {
  test.each([
    ['a value behind its flag', ['--rpc-pass', 'hunter'], ['--rpc-pass', at('rpc-pass')]],
    ['behind an equals sign', ['--auth-token=hunter'], [`--auth-token=${at('auth-token')}`]],
    ['a password in an address', ['--wallet', 'http://me:hunter@h/'], ['--wallet', at('wallet')]],
    ['two of one name', ['--token', 'one', '--token', 'two'], ['--token', at('token'), '--token', at('token-2')]],
    ['one that is empty, or ends with a line', ['--token', '', '--seed', 'a\n'], ['--token', '', '--seed', 'a\n']],
    ['who the client is', ['--keyfile', '/k', '--keyname', 'mine'], ['--keyfile', '/k', '--keyname', 'mine']],
    ['one that is named already', ['--token', '{secret:env:A}'], ['--token', '{secret:env:A}']],
  ])('%s', (_, args, expected) => expect(named(args).args).toEqual(expected));

  test('variables too; what is no secret stays', () => {
    const { env, secrets } = named([], { RUST_LOG: 'info', RPC_PASSWORD: 'hunter' });
    expect(env).toEqual({ RUST_LOG: 'info', RPC_PASSWORD: at('rpc_password') });
    expect(secrets).toEqual([{ path: '/etc/vv/x.secrets/rpc_password', value: 'hunter' }]);
  });
});

test('what was named comes out as it went in, and is known for a secret; one that is gone is refused by its path', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vaultvisor-secrets-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const start = { args: ['--rpc-pass', 'hunter two', '--x={data}'], env: { API_TOKEN: 'two\nlines' } };
  const { args, env, secrets } = nameSecrets(start, folder);
  for (const { path, value } of secrets) await writeFile(path, `${value}\n`);
  const known = new Set<string>();
  expect(await putIn({ args, env }, { secrets: known })).toEqual(start);
  expect([...known].sort()).toEqual(['hunter two', 'two\nlines']);
  await rm(join(folder, 'rpc-pass'));
  await expect(putIn({ args, env }, { secrets: known })).rejects.toMatchObject({
    code: 'config',
    message: expect.stringContaining(join(folder, 'rpc-pass')),
  });
});
