import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { findGroup, findUser, isMadeUp, nameOfUser, requireUser } from '../src/users.ts';

/** A machine whose users are kept elsewhere: its `getent` answers as one with LDAP does. */
async function directory(script: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vaultvisor-users-'));
  await writeFile(join(folder, 'getent'), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, 'getent'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });
}

test('a user of the machine itself, by name and by number', async () => {
  expect(await findUser('root')).toEqual({ name: 'root', uid: 0, gid: 0, home: '/root' });
  expect(await findUser('0')).toEqual(await findUser('root'));
  expect(await nameOfUser(0)).toBe('root');
  expect(await findGroup('root')).toBe(0);
});

test('a user whom no file of the machine knows is who the directory says', async () => {
  await directory(
    '[ "$1 $2" = "passwd vault-ldap" ] && echo "vault-ldap:*:70123:70100::/srv/vault:/bin/false" || exit 2',
  );
  expect(await findUser('vault-ldap')).toEqual({ name: 'vault-ldap', uid: 70_123, gid: 70_100, home: '/srv/vault' });
});

test('who is nowhere is nobody, never root', async () => {
  expect(await findUser('no-such-user')).toBeNull();
  expect(await findUser('-s')).toBeNull();
  expect(await findUser('')).toBeNull();
  expect(await findGroup('no-such-group')).toBeNull();
  expect(await nameOfUser(4_000_000_001)).toBe('4000000001');
  await expect(requireUser('no-such-user', 'Make it.')).rejects.toMatchObject({
    code: 'config',
    message: 'This machine has no user no-such-user',
    next: 'Make it.',
  });
});

test('a number is that number, never another one that `getent` makes of it', async () => {
  for (const number of ['4294967296', '+0', '4294967297']) {
    expect(await findUser(number)).toBeNull();
    expect(await findGroup(number)).toBeNull();
  }
  await directory('echo "root:x:0:0:root:/root:/bin/sh"');
  expect(await findUser('1000')).toBeNull();
});

describe('a directory that does not answer', () => {
  test.each([
    ['ends with a fault', 'echo broken >&2; exit 3'],
    ['is not there', 'exec /nonexistent'],
  ])('that %s is not taken for "no such user"', async (_, script) => {
    await directory(script);
    await expect(findUser('vault')).rejects.toMatchObject({ code: 'network' });
    await expect(nameOfUser(0)).rejects.toMatchObject({ code: 'network' });
  });

  test('and a line without a number is no user', async () => {
    await directory('echo "vault:x:::::"');
    expect(await findUser('vault')).toBeNull();
  });
});

test('which numbers systemd makes up', () => {
  expect([61_183, 61_184, 65_519, 65_520, 0].map(isMadeUp)).toEqual([false, true, true, false, false]);
});
