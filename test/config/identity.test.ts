import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type IdentityRule, identityRule, resolveIdentity } from '../../src/config/identity.ts';
import { findKeyCopies } from '../../src/config/key-copies.ts';
import { accepted, clientsText } from './args-text.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vv-identity-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('the rule', () => {
  const keyfile = (path: string | null, keyname: string | null) => ({ rule: 'keyfile', path, keyname });

  test.each([
    [[], { rule: 'home' }],
    [['--keyfile', '/k'], keyfile('/k', null)],
    [['--keyfile=/k', '--keyname=x'], keyfile('/k', 'x')],
    [['--keyname', 'x'], keyfile(null, 'x')],
    [['--keyfile', 'k.json'], keyfile('/cwd/k.json', null)],
    [['--keyfile', '/a', '--keyfile=/b'], keyfile('/b', null)],
    [['--keyfile'], { rule: 'home' }],
    [['--keyfiles', '/k', '--keyname-x=1'], { rule: 'home' }],
  ])('of %j', (args, rule) => expect(identityRule(undefined, args, '/cwd')).toEqual(rule));

  test('what the file says comes before the arguments', () => {
    expect(identityRule('x', ['--keyfile', '/k'], '/cwd')).toEqual({ rule: 'text', text: 'x' });
    expect(identityRule({ file: 'k' }, ['--keyfile', '/l'], '/cwd')).toEqual({ rule: 'file', path: '/cwd/k' });
  });
});

describe('the identity', () => {
  const resolved = (rule: IdentityRule, home = folder) => resolveIdentity(rule, { network: 'n', client: 'c', home });
  const ofFile = (name: string, keyname: string | null = null) =>
    resolved({ rule: 'keyfile', path: join(folder, name), keyname });

  test('a copy of a key file is the same one, another content is another', async () => {
    await writeFile(join(folder, 'a'), 'secret');
    await writeFile(join(folder, 'b'), 'secret');
    await writeFile(join(folder, 'c'), 'other');
    expect(await ofFile('a')).toBe(await ofFile('b'));
    expect(await ofFile('a')).not.toBe(await ofFile('c'));
    expect(await resolved({ rule: 'file', path: join(folder, 'a') })).toBe(await ofFile('b'));
  });

  test('the name of a key in the file counts, and the content is not told', async () => {
    await writeFile(join(folder, 'a'), 'secret');
    expect(await ofFile('a', 'x')).not.toBe(await ofFile('a', 'y'));
    expect(await ofFile('a', 'x')).not.toBe(await ofFile('a'));
    expect(await ofFile('a')).not.toContain('secret');
    expect(await resolved({ rule: 'keyfile', path: null, keyname: 'x' })).toBe('keyname:x');
  });

  test('a file that cannot be read gives way to its path', async () => {
    expect(await ofFile('none')).toBe(`unreadable:${join(folder, 'none')}`);
    expect(await resolved({ rule: 'file', path: folder })).toBe(`unreadable:${folder}`);
  });

  test('a home is known by its real path', async () => {
    await mkdir(join(folder, 'real'));
    await symlink('real', join(folder, 'link'));
    expect(await resolved({ rule: 'home' }, join(folder, 'link'))).toBe(
      await resolved({ rule: 'home' }, join(folder, 'real')),
    );
    expect(await resolved({ rule: 'home' }, join(folder, 'none'))).toContain(join(folder, 'none'));
  });

  test('a text can never be taken for something else', async () => {
    expect(await resolved({ rule: 'text', text: 'keyname:x' })).not.toBe('keyname:x');
  });
});

describe('copies of a key file', () => {
  const copiesIn = (text: string) => findKeyCopies(text, accepted(text));
  const clients = (a: string, b: string) =>
    clientsText({ a: { args: ['--keyfile', join(folder, a)] }, b: { args: ['--keyfile', join(folder, b)] } });

  test('are found', async () => {
    await writeFile(join(folder, 'a'), 'secret');
    await writeFile(join(folder, 'b'), 'secret');
    const problems = await copiesIn(clients('a', 'b'));
    expect(problems.map(({ path, message }) => [path, message])).toEqual([
      [
        'networks.n.clients.b.args',
        'must not have the identity of n/a: two clients of one account pay twice; give each its own key, or remove one',
      ],
    ]);
  });

  test('other keys, files that are not there and clients without any are none', async () => {
    await writeFile(join(folder, 'a'), 'secret');
    expect(await copiesIn(clients('a', 'b'))).toEqual([]);
    expect(await copiesIn(clientsText({ a: {}, b: {} }))).toEqual([]);
  });
});
