import { describe, expect, it } from 'vitest';
import { deploymentOf, isRenderable, type Settings } from '../../src/core/deployment.ts';
import type { Release } from '../../src/core/release.ts';

const release: Release = { checksum: `0x${'a'.repeat(64)}`, uri: 'https://one/vault', version: '1.2.3' };
const settings: Settings = { args: ['--a', '1'], env: { LOG: 'info', ZONE: 'x' }, cwd: '/data', member: null };
const idOf = (r: Partial<Release> = {}, s: Partial<Settings> = {}) =>
  deploymentOf({ ...release, ...r }, { ...settings, ...s }).id;

describe('what is the same deployment', () => {
  it.each([
    ['another mirror', { uri: 'https://two/vault' }, {}],
    ['no uri', { uri: null }, {}],
    ['another version that no argument holds', { version: '9.9.9' }, {}],
    ['no version', { version: null }, {}],
    ['the environment in another order', {}, { env: { ZONE: 'x', LOG: 'info' } }],
  ])('%s', (_, r, s) => {
    expect(idOf(r, s)).toBe(idOf());
  });

  it.each([
    ['other bytes', { checksum: `0x${'b'.repeat(64)}` }, {}],
    ['another argument', {}, { args: ['--a', '2'] }],
    ['arguments in another order', {}, { args: ['1', '--a'] }],
    ['one argument instead of two', {}, { args: ['--a 1'] }],
    ['another variable', {}, { env: { LOG: 'debug', ZONE: 'x' } }],
    ['a variable less', {}, { env: { LOG: 'info' } }],
    ['another folder', {}, { cwd: '/elsewhere' }],
    ['a member of an archive', {}, { member: 'vault' }],
  ])('but not with %s', (_, r, s) => {
    expect(idOf(r, s)).not.toBe(idOf());
  });

  it('is 64 hex digits, and stays what it was in earlier versions of this program', () => {
    expect(idOf()).toBe('f94b15424eb103538e9f732cdf25ff910c5bc7872131c438a488b306269cd565');
  });
});

describe('{version}', () => {
  const withVersion: Settings = {
    ...settings,
    args: ['--name={version}', '{version}{version}'],
    env: { V: 'v{version}' },
  };

  it('is filled in wherever it stands, and only it', () => {
    const { args, env } = deploymentOf(release, { ...withVersion, cwd: '/{version}' });
    expect(args).toEqual(['--name=1.2.3', '1.2.31.2.3']);
    expect(env).toEqual({ V: 'v1.2.3' });
    expect(deploymentOf(release, { ...settings, args: ['{other}', '{ version }'] }).args).toEqual([
      '{other}',
      '{ version }',
    ]);
  });

  it('takes the version as text, whatever it holds', () => {
    expect(deploymentOf({ ...release, version: '$&$1' }, withVersion).args[0]).toBe('--name=$&$1');
  });

  it('makes another version another deployment', () => {
    expect(idOf({ version: '2' }, withVersion)).not.toBe(idOf({}, withVersion));
  });

  it('needs a version', () => {
    const bare = { ...release, version: null };
    expect(isRenderable(bare, withVersion)).toBe(false);
    expect(isRenderable(bare, { ...settings, env: { V: '{version}' } })).toBe(false);
    expect(isRenderable(bare, settings)).toBe(true);
    expect(isRenderable(release, withVersion)).toBe(true);
  });
});
