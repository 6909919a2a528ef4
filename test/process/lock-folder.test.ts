import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFolder } from '../../src/process/lock-folder.ts';
import { exclusiveName, lockName } from '../../src/process/lock-names.ts';
import { isExcluding, provesExclusion } from '../../src/process/locks/exclusion.ts';
import { scratch } from '../support/process/scratch.ts';

test('what the file says comes before the environment, and that before the machine', async () => {
  const folder = scratch();
  const [asked, env, shared, fallback] = ['asked', 'env', 'shared', 'fallback'].map((name) => join(folder, name));
  const VAULTVISOR_LOCKS = env!;
  const request = { lockDir: asked!, fallback: fallback!, shared: shared!, env: { VAULTVISOR_LOCKS } };
  expect(await lockFolder(request)).toEqual({ folder: asked, note: null });
  expect(await lockFolder({ ...request, lockDir: null })).toEqual({ folder: env, note: null });
  expect(await lockFolder({ ...request, lockDir: null, env: {} })).toEqual({ folder: shared, note: null });
  expect(statSync(shared!).mode & 0o7777).toBe(0o1777);
});

test('the usual folder is made for everybody also where the file names it: else the next user’s daemon could not start', async () => {
  const [shared, own] = [join(scratch(), 'shared'), join(scratch(), 'own')];
  const request = { fallback: own, shared, env: {} };
  expect(await lockFolder({ ...request, lockDir: shared })).toEqual({ folder: shared, note: null });
  await lockFolder({ ...request, lockDir: own });
  expect([shared, own].map((folder) => statSync(folder).mode & 0o7777)).toEqual([0o1777, 0o700]);
});

test('where the machine has no such folder the home has one, and that is said', async () => {
  const folder = scratch();
  writeFileSync(join(folder, 'file'), '');
  const fallback = join(folder, 'home', 'locks');
  const chosen = await lockFolder({ lockDir: null, fallback, shared: join(folder, 'file', 'locks'), env: {} });
  expect(chosen.folder).toBe(fallback);
  expect(chosen.note).toContain('not kept out');
});

test.each([
  ['a relative path', 'locks'],
  ['a file', '/etc/hostname'],
])('%s is refused: nothing falls back silently from what was asked for', async (_, lockDir) => {
  const fallback = join(scratch(), 'locks');
  await expect(lockFolder({ lockDir, fallback, env: {} })).rejects.toMatchObject({ code: 'config' });
});

test('a link that stands for the shared folder is not followed', async () => {
  const folder = scratch();
  mkdirSync(join(folder, 'target'));
  symlinkSync(join(folder, 'target'), join(folder, 'shared'));
  const chosen = await lockFolder({
    lockDir: null,
    fallback: join(folder, 'own'),
    shared: join(folder, 'shared'),
    env: {},
  });
  expect(chosen.folder).toBe(join(folder, 'own'));
});

test('a local file system excludes, one of a network is not believed', async () => {
  expect(await provesExclusion(scratch())).toBe(true);
  expect([0xef53, 0x58465342, 0x9123683e, 0x2fc12fc1, 0x01021994, 0x794c7630].every(isExcluding)).toBe(true);
  // nfs, smb2, fuse (virtiofs and most sharing), 9p, ceph
  expect([0x6969, 0xfe534d42, 0x65735546, 0x01021997, 0x00c36400].some(isExcluding)).toBe(false);
});

test.each(['/proc/locks-of-mine', '/proc/self/a/b', '/sys/locks'])(
  '%s is refused at once, with words, and nothing is made',
  async (lockDir) => {
    const request = { lockDir, fallback: join(scratch(), 'locks'), env: {} };
    await expect(lockFolder(request)).rejects.toMatchObject({ code: 'config' });
    await expect(lockFolder(request)).rejects.toThrow(`locks in ${lockDir} would not keep a second client out`);
    const { VAULTVISOR_LOCKS } = { VAULTVISOR_LOCKS: lockDir };
    await expect(lockFolder({ ...request, lockDir: null, env: { VAULTVISOR_LOCKS } })).rejects.toMatchObject({
      code: 'config',
    });
    expect(existsSync(lockDir)).toBe(false);
  },
);

/** In a mount namespace of its own: a file system of this type, and what is thought of locks in it. `null`: it cannot be had here. */
function onFileSystem(type: string): { refusal: string | null; proof: boolean } | null {
  const folder = scratch();
  const script = join(import.meta.dirname, '../support/process/exclusion.ts');
  const words = `mount -t ${type} none "$1" && exec "$2" --import tsx "$3" "$1"`;
  const args = ['-m', 'sh', '-c', words, 'sh', folder, process.execPath, script];
  const { status, stdout } = spawnSync('unshare', args, { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : null;
}

test('a file system that passes the proof and is not known is refused all the same; a known one is not', () => {
  const [unknown, known] = [onFileSystem('ramfs'), onFileSystem('tmpfs')];
  if (unknown === null || known === null) {
    console.log('cannot here: this user or kernel may not mount in a namespace of its own');
    return;
  }
  expect(unknown).toEqual({
    refusal: expect.stringContaining('(type 0x858458f6) is not known to keep locks'),
    proof: true,
  });
  expect(known).toEqual({ refusal: null, proof: true });
});

test('a proof leaves nothing, and takes along what a daemon left that died during its own', async () => {
  const folder = scratch();
  mkdirSync(join(folder, '.proof-kept-apart'));
  for (const name of ['.proof-1-0123456789ab', 'other']) writeFileSync(join(folder, name), '');
  const both = await Promise.all([provesExclusion(folder), provesExclusion(folder)]);
  expect(both).toEqual([true, true]);
  expect(readdirSync(folder).sort()).toEqual(['.proof-kept-apart', 'other']);
});

test('a name is another for another chain, identity, and for what is shared', () => {
  const base = { scope: '0xabc', identity: 'key' };
  const names = [
    lockName(base),
    lockName({ ...base, scope: '0xabd' }),
    lockName({ ...base, identity: 'other' }),
    lockName({ scope: '0xabckey', identity: '' }),
    exclusiveName('key'),
  ];
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => /^[0-9a-f]{64}$/.test(name))).toBe(true);
  expect(lockName({ ...base })).toBe(names[0]);
});
