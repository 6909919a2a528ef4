import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as tick } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { deploymentOf } from '../../src/core/deployment.ts';
import {
  DamagedBytes,
  type LayOutRequest,
  layOut,
  pointCurrent,
  programs,
  pruneDeployments,
} from '../../src/install/deployment-dir.ts';
import { filesAreWhole, openLaid, verifyProgram } from '../../src/install/laid.ts';
import { type InstallRoom, installRoom, never, sha256 } from '../support/install-room.ts';

let room: InstallRoom;
beforeEach(async () => {
  room = await installRoom();
});
afterEach(() => room.remove());

const inodeOf = async (path: string) => (await stat(path)).ino;

/** Makes a file writable and others' again, as a person with root's rights would; a new inode, so the blob is spared. */
async function replace(path: string, bytes: string): Promise<void> {
  await rm(path);
  await writeFile(path, bytes, { mode: 0o555 });
}

test('a deployment lies there whole: program, arguments and record, closed to others', async () => {
  const { request, folder, blob } = room;
  const laid = await layOut(request, never);
  const files = folder.deployment(request.deployment.id);
  expect(laid).toMatchObject({
    id: request.deployment.id,
    name: 'vault-kintsugi',
    sha256: sha256(await readFile(blob)),
  });
  expect(laid.program).toBe(join(files.root, 'vault-kintsugi'));
  expect((await readdir(files.root)).sort()).toEqual(['args.json', 'deployment.json', 'vault-kintsugi']);
  expect(await readdir(folder.deployments)).toEqual([request.deployment.id]);
  expect(JSON.parse(await readFile(files.args, 'utf8'))).toEqual(['--version-seen', '1.2']);
  expect(JSON.parse(await readFile(files.record, 'utf8'))).toEqual({
    schema: 1,
    release: request.deployment.release,
    args: ['--version-seen', '1.2'],
    env: { RUST_LOG: 'info' },
    cwd: '/',
    member: null,
    name: 'vault-kintsugi',
    sha256: laid.sha256,
  });
  const modes = [folder.deployments, files.root, files.args, files.record, laid.program].map((path) => stat(path));
  expect((await Promise.all(modes)).map(({ mode }) => mode & 0o7777)).toEqual([0o700, 0o700, 0o600, 0o600, 0o555]);
  expect(await inodeOf(laid.program)).toBe(await inodeOf(blob));
});

test('a process of it has its own file name', async () => {
  const shell = await installRoom(await readFile('/bin/sh'));
  try {
    const laid = await layOut(shell.request, never);
    const child = spawn(laid.program, ['-c', 'read -r line; exit 0'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    expect((await readFile(`/proc/${child.pid}/comm`, 'utf8')).trim()).toBe('vault-kintsugi'.slice(0, 15));
    child.stdin.end('\n');
    await once(child, 'exit');
  } finally {
    await shell.remove();
  }
});

test('a file system that allows no link gets a copy', async (context) => {
  // /dev/shm is another file system than the temporary folder nearly everywhere; where it is not, EXDEV cannot be had.
  const other = `/dev/shm/vaultvisor-blob-${process.pid}`;
  const isOther = await copyFile(room.blob, other).then(
    async () => (await stat(other)).dev !== (await stat(room.root)).dev,
    () => false,
  );
  context.skip(!isOther, 'no second file system that we may write to');
  try {
    const laid = await layOut({ ...room.request, blob: other }, never);
    expect(await readFile(laid.program)).toEqual(await readFile(other));
    expect((await stat(laid.program)).mode & 0o7777).toBe(0o555);
  } finally {
    await rm(other, { force: true });
  }
});

test('laid out again, the same is used: nothing is written', async () => {
  const first = await layOut(room.request, never);
  const again = await layOut({ ...room.request, blob: '/nonexistent' }, never);
  expect(again).toEqual(first);
});

test('another uri of the same bytes is no other deployment, and keeps the name it has', async () => {
  const first = await layOut(room.request, never);
  const moved = {
    ...room.request.deployment,
    release: { ...room.request.deployment.release, uri: 'https://mirror/x' },
  };
  expect(await layOut({ ...room.request, deployment: moved }, never)).toEqual(first);
});

const damages: [string, (folder: string, program: string) => Promise<unknown>][] = [
  ['its program changed', (_, program) => replace(program, '#!/bin/sh\nexec nc -l 1\n')],
  ['its program is gone', (_, program) => rm(program)],
  ['its program is a link to elsewhere', async (_, program) => rm(program).then(() => symlink('/bin/sh', program))],
  [
    'its program is a link to the same bytes',
    async (_, program) => rm(program).then(() => symlink(room.blob, program)),
  ],
  ['its program is a folder', async (_, program) => rm(program).then(() => mkdir(program))],
  [
    'its program is a pipe',
    async (_, program) => rm(program).then(() => execFileSync('mkfifo', ['-m', '555', program])),
  ],
  ['its record is gone', (folder) => rm(join(folder, 'deployment.json'))],
  ['its record is empty', (folder) => truncate(join(folder, 'deployment.json'), 0)],
  ['its record is cut', (folder) => truncate(join(folder, 'deployment.json'), 100)],
  ['its record is no object', (folder) => writeFile(join(folder, 'deployment.json'), '[]')],
  ['its arguments were edited', (folder) => writeFile(join(folder, 'args.json'), '["--keyfile", "/tmp/evil"]\n')],
  ['its arguments are gone', (folder) => rm(join(folder, 'args.json'))],
  ['it is empty', (folder) => rm(folder, { recursive: true }).then(() => mkdir(folder))],
  ['it is a file', (folder) => rm(folder, { recursive: true }).then(() => writeFile(folder, ''))],
];

test.each(damages)('a deployment is replaced when %s', async (_, damage) => {
  const { request, folder } = room;
  const first = await layOut(request, never);
  const { root } = folder.deployment(request.deployment.id);
  await damage(root, first.program);
  expect(await openLaid(folder, request.deployment, never)).toBeNull();
  const second = await layOut(request, never);
  expect(second.sha256).toBe(first.sha256);
  expect(await openLaid(folder, request.deployment, never)).toMatchObject({ program: second.program });
  expect(await verifyProgram(second, never)).toBe(true);
  expect(await readdir(folder.deployments)).toEqual([request.deployment.id]);
});

const forgeries: [string, object][] = [
  ['a newer schema', { schema: 2 }],
  ['other arguments', { args: ['--evil'] }],
  ['arguments that are no texts', { args: [1] }],
  ['another environment', { env: { LD_PRELOAD: '/tmp/evil.so' } }],
  ['another working directory', { cwd: '/tmp' }],
  ['another member', { member: 'evil' }],
  ['a name that leads elsewhere', { name: '../../../blob' }],
  ['a name that is no text', { name: null }],
  ['another hash', { sha256: '0'.repeat(64) }],
  ['another release', { release: { checksum: `0x${'0'.repeat(64)}`, uri: null, version: null } }],
  ['no release', { release: null }],
];

test.each(forgeries)('a record with %s is not believed', async (_, change) => {
  const { request, folder } = room;
  await layOut(request, never);
  const { record } = folder.deployment(request.deployment.id);
  await writeFile(record, JSON.stringify({ ...JSON.parse(await readFile(record, 'utf8')), ...change }));
  expect(await openLaid(folder, request.deployment, never)).toBeNull();
});

test('what is not there is not found, and nothing is made by looking', async () => {
  const { folder, request } = room;
  expect(await openLaid(folder, request.deployment, never)).toBeNull();
  expect(await programs(folder)).toEqual([]);
  expect(await pruneDeployments(folder, () => true)).toEqual([]);
  await expect(stat(folder.root)).rejects.toThrow('ENOENT');
});

test('wrong bytes in the store are never laid out', async () => {
  const { request, folder, blob } = room;
  await replace(blob, '#!/bin/sh\nexec evil\n');
  await expect(layOut(request, never)).rejects.toThrow(DamagedBytes);
  expect(await readdir(folder.deployments)).toEqual([]);
});

test('a store without the bytes is told in words, and leaves nothing behind', async () => {
  const failure = layOut({ ...room.request, blob: join(room.root, 'nothing') }, never);
  await expect(failure).rejects.toMatchObject({
    name: 'VisorError',
    code: 'io',
    next: expect.stringContaining('disk'),
  });
  expect(await readdir(room.folder.deployments)).toEqual([]);
});

test('an abort leaves nothing behind, and the next attempt succeeds', async () => {
  const controller = new AbortController();
  controller.abort(new Error('replaced'));
  await expect(layOut(room.request, controller.signal)).rejects.toThrow('replaced');
  expect(await readdir(room.folder.deployments)).toEqual([]);
  await layOut(room.request, never);
});

test('two at once end with one whole deployment', async () => {
  const both = await Promise.all([layOut(room.request, never), layOut(room.request, never)]);
  expect(both[0].program).toBe(both[1].program);
  expect(await readdir(room.folder.deployments)).toEqual([room.request.deployment.id]);
  expect(await verifyProgram(both[0], never)).toBe(true);
});

test('a member of an archive is extracted, and known by its own hash from then on', async () => {
  const { folder } = room;
  const deployment = room.deployment({ member: 'dist/oracle' });
  const script = '#!/bin/sh\nexit 7\n';
  const extract = async (archive: string, member: string, target: string) => {
    expect([archive, member]).toEqual([room.blob, 'dist/oracle']);
    await writeFile(target, script, { flag: 'wx' });
    return { sha256: sha256(script) };
  };
  const laid = await layOut({ ...room.request, deployment, extract }, never);
  expect(laid).toMatchObject({ name: 'oracle', sha256: sha256(script) });
  expect((await stat(laid.program)).mode & 0o7777).toBe(0o555);
  expect(spawnSync(laid.program).status).toBe(7);
  expect(await openLaid(folder, deployment, never)).toEqual(laid);
  await replace(laid.program, '#!/bin/sh\nexit 0\n');
  expect(await openLaid(folder, deployment, never)).toBeNull();
});

test('nothing is extracted from an archive that changed on disk', async () => {
  await replace(room.blob, 'another archive');
  const deployment = room.deployment({ member: 'oracle' });
  await expect(layOut({ ...room.request, deployment }, never)).rejects.toThrow(DamagedBytes);
});

test('an extraction that wrote something else than it says is refused', async () => {
  const deployment = room.deployment({ member: 'oracle' });
  const extract = async (_archive: string, _member: string, target: string) => {
    await writeFile(target, 'short');
    return { sha256: sha256('what it should have been') };
  };
  await expect(layOut({ ...room.request, deployment, extract }, never)).rejects.toThrow(DamagedBytes);
  expect(await readdir(room.folder.deployments)).toEqual([]);
});

test('before the spawn: the same bytes pass, changed ones do not', async () => {
  const laid = await layOut(room.request, never);
  expect(await verifyProgram(laid, never)).toBe(true);
  await link(laid.program, join(room.root, 'another-name'));
  expect(await verifyProgram(laid, never), 'a further link changes ctime and no byte').toBe(true);
  await chmod(laid.program, 0o755);
  await writeFile(laid.program, '#!/bin/sh\nexit 1\n');
  expect(await verifyProgram(laid, never), 'written in place, the same size').toBe(false);
  await replace(laid.program, '#!/bin/sh\nexit 0\n');
  expect(await verifyProgram(laid, never), 'another file with the same bytes').toBe(true);
  await chmod(laid.program, 0o444);
  expect(await verifyProgram(laid, never), 'it cannot be executed').toBe(false);
  await rm(laid.program);
  expect(await verifyProgram(laid, never), 'it is gone').toBe(false);
});

test('an unchanged program is not read again', async () => {
  const laid = await layOut(room.request, never);
  const aborted = AbortSignal.abort(new Error('it was hashed'));
  expect(await verifyProgram(laid, aborted)).toBe(true);
  await expect(verifyProgram({ ...laid, stamp: { ...laid.stamp, ctimeNs: '0' } }, aborted)).rejects.toThrow(
    'it was hashed',
  );
});

test('all programs are listed, those of damaged deployments too', async () => {
  const first = await layOut(room.request, never);
  const second = await layOut({ ...room.request, deployment: room.deployment({ args: ['--other'] }) }, never);
  await rm(room.folder.deployment(second.id).record);
  expect((await programs(room.folder)).sort()).toEqual([first.program, second.program].sort());
});

test('what nobody names is removed; what is named, what is under way and what is not ours stays', async () => {
  const { folder, request } = room;
  const kept = await layOut(request, never);
  const old = await layOut({ ...request, deployment: room.deployment({ args: ['--old'] }) }, never);
  const leftOver = join(folder.deployments, `.${kept.id}.0123456789ab`);
  await mkdir(join(leftOver), { recursive: true });
  await mkdir(join(folder.deployments, 'notes of the operator'));
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const deployment = room.deployment({ member: 'slow' });
  const extract = async (_archive: string, _member: string, target: string) => {
    await writeFile(target, 'slow');
    entered();
    await held;
    return { sha256: sha256('slow') };
  };
  let entered = () => {};
  const isIn = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const slow = layOut({ ...request, deployment, extract }, never);
  await isIn;
  expect(await pruneDeployments(folder, (id) => id !== kept.id)).toEqual([old.id]);
  release();
  const third = await slow;
  expect((await readdir(folder.deployments)).sort()).toEqual([kept.id, third.id, 'notes of the operator'].sort());
  expect(await verifyProgram(kept, never)).toBe(true);
  expect(await readFile(room.blob, 'utf8'), 'the store is not touched').toBe('#!/bin/sh\nexit 0\n');
});

test('a deployment that is removed is there whole or not at all, at whatever moment we die', async () => {
  const { folder, request } = room;
  const { id } = await layOut(request, never);
  const { root } = folder.deployment(id);
  for (let n = 0; n < 200; n += 1) await writeFile(join(root, `more-${n}`), '');
  const whole = (await readdir(root)).length;
  let done = false;
  const pruned = pruneDeployments(folder, () => true).finally(() => {
    done = true;
  });
  const seen = new Set<number>();
  for (; !done; await tick()) seen.add(existsSync(root) ? readdirSync(root).length : 0);
  expect(await pruned).toEqual([id]);
  expect([...seen].filter((count) => count !== whole && count !== 0)).toEqual([]);
  expect(await readdir(folder.deployments)).toEqual([]);
});

test('what is wanted again while others go stays: each is asked for in the moment in which it goes', async () => {
  const { folder, request } = room;
  for (const arg of ['one', 'two']) await layOut({ ...request, deployment: room.deployment({ args: [arg] }) }, never);
  const there: number[] = [];
  const gone = await pruneDeployments(folder, () => {
    there.push(readdirSync(folder.deployments).filter((name) => !name.startsWith('.')).length);
    return there.length === 1;
  });
  expect(there).toEqual([2, 1]);
  expect(gone).toHaveLength(1);
  expect(await readdir(folder.deployments)).not.toContain(gone[0]);
  expect(await readdir(folder.deployments)).toHaveLength(1);
});

test('current swaps in one rename, and is relative: the home may be moved', async () => {
  const { folder, request } = room;
  const first = await layOut(request, never);
  await pointCurrent(folder, first.id);
  expect(await readlink(folder.current)).toBe(`deployments/${first.id}`);
  const second = await layOut({ ...request, deployment: room.deployment({ args: [] }) }, never);
  await symlink('left over by a crash', `${folder.current}.next`);
  await pointCurrent(folder, second.id);
  expect(await readlink(folder.current)).toBe(`deployments/${second.id}`);
  expect(JSON.parse(await readFile(join(folder.current, 'args.json'), 'utf8'))).toEqual([]);
  expect((await readdir(folder.root)).sort()).toEqual(['current', 'deployments']);
});

test('a folder in the place of current is told, not removed', async () => {
  await layOut(room.request, never);
  await mkdir(join(room.folder.current, 'precious'), { recursive: true });
  await expect(pointCurrent(room.folder, room.request.deployment.id)).rejects.toMatchObject({ name: 'VisorError' });
  expect((await lstat(join(room.folder.current, 'precious'))).isDirectory()).toBe(true);
});

const migration = { kind: 'arguments', checksum: `0x${'ab'.repeat(32)}`, uri: null, to: null } as const;
const made = {
  args: ['--new', '{files}/vault.toml'],
  env: { RUST_LOG: 'debug', HERE: '{files}' },
  files: { 'vault.toml': 'limit = 4\n', 'more.json': '{}' },
};

/** A deployment whose arguments are migrated, and how often that was asked for. */
async function migrated(material: LayOutRequest['material'] = async () => made) {
  const {
    id: _,
    release,
    ...settings
  } = room.deployment({
    files: { 'vault.toml': { path: '/etc/vault.toml', sha256: 'cd'.repeat(32) } },
  });
  const deployment = deploymentOf(release, settings, [migration]);
  let asked = 0;
  const counted: LayOutRequest['material'] = (signal) => {
    asked += 1;
    return material(signal);
  };
  const request = { ...room.request, deployment, material: counted };
  return { request, deployment, place: room.folder.deployment(deployment.id), asked: () => asked };
}

test('what migrations made of its arguments lies with it, and is what it is started with', async () => {
  const { request, deployment, place, asked } = await migrated();
  const laid = await layOut(request, never);
  expect(laid.start).toEqual({
    args: ['--new', `${place.files}/vault.toml`],
    env: { RUST_LOG: 'debug', HERE: place.files },
  });
  expect(JSON.parse(await readFile(place.args, 'utf8'))).toEqual(laid.start.args);
  expect((await readdir(place.files)).sort()).toEqual(['more.json', 'vault.toml']);
  expect(await readFile(join(place.files, 'vault.toml'), 'utf8')).toBe('limit = 4\n');
  expect((await stat(join(place.files, 'vault.toml'))).mode & 0o7777).toBe(0o400);
  const { release: _release, ...record } = JSON.parse(await readFile(place.record, 'utf8'));
  expect(record).toMatchObject({ args: deployment.args, migrations: [migration], result: { args: made.args } });
  expect(await openLaid(room.folder, deployment, never)).toEqual(laid);
  expect(await layOut(request, never)).toEqual(laid);
  expect(asked()).toBe(1);
  expect(await programs(room.folder)).toEqual([laid.program]);
});

test('a migration that fails leaves nothing behind', async () => {
  const { request } = await migrated(() => Promise.reject(new Error('it failed')));
  await expect(layOut(request, never)).rejects.toThrow('it failed');
  expect(await readdir(room.folder.deployments)).toEqual([]);
});

test.each<[string, (place: ReturnType<InstallRoom['folder']['deployment']>) => Promise<unknown>]>([
  ['a config file that was changed', ({ files }) => replace(join(files, 'vault.toml'), 'limit = 5\n')],
  ['a config file that is gone', ({ files }) => rm(join(files, 'more.json'))],
  ['the folder of the files gone', ({ files }) => rm(files, { recursive: true })],
  ['arguments that were changed', ({ args }) => writeFile(args, '["--old"]\n')],
  [
    'a result that was changed',
    async ({ record }) => writeFile(record, (await readFile(record, 'utf8')).replace('debug', 'trace')),
  ],
  [
    'no result',
    async ({ record }) => {
      const { result: _, ...rest } = JSON.parse(await readFile(record, 'utf8'));
      return writeFile(record, JSON.stringify(rest));
    },
  ],
])('%s: it is not whole, and is laid out again', async (_, spoil) => {
  const { request, deployment, place, asked } = await migrated();
  const laid = await layOut(request, never);
  expect(await filesAreWhole(room.folder, laid)).toBe(true);
  await spoil(place);
  expect(await openLaid(room.folder, deployment, never)).toBeNull();
  expect((await layOut(request, never)).start).toEqual(laid.start);
  expect(asked()).toBe(2);
  expect(await readFile(join(place.files, 'vault.toml'), 'utf8')).toBe('limit = 4\n');
  expect(await readdir(room.folder.deployments)).toEqual([deployment.id]);
});

test('{files} is somebody else’s word where there are none', async () => {
  const deployment = room.deployment({ args: ['{files}'] });
  expect((await layOut({ ...room.request, deployment }, never)).start.args).toEqual(['{files}']);
});
