import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { propose, refuseMoves, restore } from '../../src/daemon/acceptance.ts';
import { findConfig, rememberHome } from '../../src/daemon/find-config.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vaultvisor-accept-'));
  process.env['VAULTVISOR_LOCKS'] = join(folder, 'locks');
});
afterEach(async () => {
  delete process.env['VAULTVISOR_LOCKS'];
  await rm(folder, { recursive: true, force: true });
});

const client = (extra: object = {}) => ({ release: { source: 'manifest', url: 'file:///m.json' }, ...extra });
const text = (clients: Record<string, object>, more: object = {}) =>
  JSON.stringify({ home: join(folder, 'home'), networks: { kintsugi: { clients } }, ...more });
const asked = (said: string, allowRemove = false) => ({ file: '/a.json', text: said, allowRemove });
const always = () => true;

test('a running client that is missing is kept with the last file that named it, over further edits', async () => {
  const first = await propose(null, asked(text({ vault: client(), oracle: client({ keep: 7 }) })), always);
  const second = await propose(first.inForce, asked(text({ vault: client() })), always);
  const third = await propose(second.inForce, asked(text({ vault: client({ keep: 2 }) })), always);
  expect(third.removed).toEqual([]);
  expect(third.inForce.kept.map((kept) => [kept.client.client, kept.client.keep])).toEqual([['oracle', 7]]);
  expect(second.changes).toEqual([expect.stringContaining('apply --allow-remove')]);
  const again = restore(third.inForce.record);
  expect(again.kept).toEqual(third.inForce.kept);
});

test('it ends when a person allows it, or when nothing of it runs; and is itself again when the file names it', async () => {
  const first = await propose(null, asked(text({ vault: client(), oracle: client() })), always);
  const second = await propose(first.inForce, asked(text({ vault: client() })), always);
  const allowed = await propose(second.inForce, asked(text({ vault: client() }), true), always);
  expect([allowed.removed, allowed.inForce.kept, allowed.changes]).toEqual([
    ['kintsugi/oracle'],
    [],
    [expect.stringContaining('is stopped')],
  ]);
  const idle = await propose(first.inForce, asked(text({ vault: client() })), () => false);
  expect([idle.removed, idle.inForce.kept]).toEqual([['kintsugi/oracle'], []]);
  const back = await propose(second.inForce, asked(text({ vault: client(), oracle: client() })), always);
  expect([back.removed, back.inForce.kept]).toEqual([[], []]);
});

test('two key files with one content are refused', async () => {
  await Promise.all(['a', 'b'].map((name) => writeFile(join(folder, name), 'the same key')));
  const two = {
    vault: client({ args: ['--keyfile', join(folder, 'a')] }),
    oracle: client({ args: ['--keyfile', join(folder, 'b')] }),
  };
  await expect(propose(null, asked(text(two)), always)).rejects.toMatchObject({ code: 'config' });
});

test.each([
  ['home', { home: '/elsewhere' }],
  ['lockDir', { lockDir: '/elsewhere' }],
])('%s cannot be moved under a running daemon', async (key, more) => {
  const [first, second] = [
    await propose(null, asked(text({ vault: client() })), always),
    await propose(null, asked(text({ vault: client() }, more)), always),
  ];
  expect(() => refuseMoves(first.inForce.config, second.inForce.config)).toThrow(key);
  expect(() => refuseMoves(first.inForce.config, first.inForce.config)).not.toThrow();
});

/** A file that was accepted, with its home and the note of it. */
async function acceptedOnce(): Promise<string> {
  const file = join(folder, 'args.json');
  await writeFile(file, text({ vault: client() }));
  const { inForce } = await propose(null, { file, text: text({ vault: client() }), allowRemove: false }, always);
  await mkdir(join(folder, 'home'));
  await writeFile(join(folder, 'home', 'accepted.json'), JSON.stringify(inForce.record));
  await rememberHome(file, join(folder, 'home'));
  return file;
}

test('a file that cannot say its home any more is found by what was accepted', async () => {
  const file = await acceptedOnce();
  for (const spoil of [() => truncate(file, 0), () => rm(file)]) {
    await spoil();
    expect(await findConfig(file)).toMatchObject({
      home: join(folder, 'home'),
      accepted: { text: text({ vault: client() }) },
    });
  }
  expect(await findConfig(join(folder, 'other.json'))).toMatchObject({ text: null, home: null, accepted: null });
});

test('a note that says so already is left as it is; one that was cut off by a death does not stay', async () => {
  const file = await acceptedOnce();
  const [note = ''] = await readdir(join(folder, 'locks'));
  await writeFile(join(folder, 'locks', `.${note}.${process.pid}.0123456789ab.1.tmp`), '');
  const { ino } = await stat(join(folder, 'locks', note));
  await rememberHome(file, join(folder, 'home'));
  expect(await readdir(join(folder, 'locks'))).toEqual([note]);
  expect((await stat(join(folder, 'locks', note))).ino).toBe(ino);
  await rememberHome(file, join(folder, 'another'));
  expect(await readFile(join(folder, 'locks', note), 'utf8')).toBe(`${join(folder, 'another')}\n`);
});

test('a note that is not plainly our own is not believed', async () => {
  const file = await acceptedOnce();
  await rm(file);
  expect((await findConfig(file)).home).not.toBeNull();
  const [note = ''] = await readdir(join(folder, 'locks'));
  const path = join(folder, 'locks', note);
  await chmod(path, 0o666);
  expect((await findConfig(file)).home).toBeNull();
  await chmod(path, 0o600);
  await rename(path, `${path}.real`);
  await symlink(`${path}.real`, path);
  expect((await findConfig(file)).home).toBeNull();
});
