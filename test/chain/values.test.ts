import { describe, expect, it } from 'vitest';
import { readerOf } from '../../src/chain/source.ts';
import { specVersionOf, timeOf } from '../../src/chain/values/runtime.ts';
import { blake2Concat, storageKey } from '../../src/chain/values/storage-key.ts';
import { fillTemplate } from '../../src/chain/values/url-template.ts';
import { checksumOf, keys, releaseValue, runtimeValue, timeValue } from '../support/release-values.ts';

const uri = 'https://example.org/vault';
const clients = readerOf({ source: 'clients-info', client: 'vault' }, 'kintsugi');
const registry = readerOf(
  { source: 'vault-registry', url: 'https://example.org/{version}/vault-{network}' },
  'kintsugi',
);
const current = (value: string) => clients.current(new Map([[keys.current, value]]));
const named = (value: string) => registry.current(new Map([[keys.registry, value]]));
const d = 'd0'.repeat(32);

describe('a ClientsInfo release', () => {
  it.each([
    ['a short uri, one length byte', 'https://h/v'],
    ['63 bytes', `https://h/${'v'.repeat(53)}`],
    ['64 bytes, two length bytes', `https://h/${'v'.repeat(54)}`],
    ['255 bytes, as many as the pallet takes', `https://h/${'v'.repeat(245)}`],
    ['letters beyond ASCII', 'https://h/vält'],
  ])('%s', (_, text) => {
    expect(current(releaseValue(text, 'd0'))).toEqual({ checksum: checksumOf('d0'), uri: text, version: null });
  });

  it('absent is no release', () => expect(clients.current(new Map([[keys.current, null]]))).toBeNull());

  it.each([
    ['no bytes at all', '0x', 'too early'],
    ['a checksum of 31 bytes', releaseValue(uri, 'd0').slice(0, -2), '1 bytes too early'],
    ['a byte too many', `${releaseValue(uri, 'd0')}00`, '1 bytes too many'],
    ['a length beyond the end', `0xfd03${d}`, 'too early'],
    ['a length in the big mode', `0x0300000040${d}`, '1 GiB'],
    ['a length that could be shorter', `0x2d00${Buffer.from('https://h/v').toString('hex')}${d}`, 'shortest'],
    ['bytes that are not UTF-8', releaseValue(Buffer.from([0x68, 0xff, 0xfe]), 'd0'), 'not valid'],
    ['an overlong UTF-8 form', releaseValue(Buffer.from([0xc0, 0xaf]), 'd0'), 'not valid'],
    ['an escape sequence', releaseValue('https://h/\u001b[2J', 'd0'), 'control characters'],
    ['a line end', releaseValue('https://h/\n', 'd0'), 'control characters'],
    ['letters that turn the direction', releaseValue('https://h/\u202egpj', 'd0'), 'control characters'],
    ['a byte order mark', releaseValue('\ufeffhttps://h/', 'd0'), 'control characters'],
    ['a uri that is no URL', releaseValue('vault-1.2.3', 'd0'), 'no URL'],
    ['an empty uri', releaseValue('', 'd0'), 'no URL'],
  ])('%s is refused in one printable line with the value', (_, value, words) => {
    const refused = () => current(value);
    expect(refused).toThrow(expect.objectContaining({ name: 'VisorError', code: 'protocol' }));
    expect(refused).toThrow(words);
    expect(refused).toThrow(value.slice(0, 100));
    expect(refused).not.toThrow(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  });

  it('a refusal of a long value stays short', () => {
    expect(() => current(`${releaseValue(uri, 'd0')}${'00'.repeat(100_000)}`)).toThrow(/^.{100,1500}$/);
  });
});

describe('a VaultRegistry release', () => {
  it('gets its URL from the template', () => {
    const release = {
      checksum: checksumOf('e1'),
      uri: 'https://example.org/1.2.3-rc.1/vault-kintsugi',
      version: '1.2.3-rc.1',
    };
    expect(named(releaseValue('1.2.3-rc.1', 'e1'))).toEqual(release);
    expect(registry.pending(new Map())).toBeNull();
  });

  it.each([
    '',
    '.',
    '..',
    '...',
    '../../etc',
    'a/b',
    '1.2%2f',
    '1.2?x',
    '1.2#',
    '1 2',
    '1.2\\..',
    '{network}',
    'v1\u0000',
    'ü',
  ])('a version %j cannot leave its place', (version) =>
    expect(() => named(releaseValue(version, 'e1'))).toThrow(expect.objectContaining({ code: 'protocol' })),
  );

  it.each(['1.22.4-hotfix1', 'kintsugi-1.23.8', 'v1.0.0+build_5', '1'])('a version %j is taken as it is', (version) => {
    expect(named(releaseValue(version, 'e1'))?.uri).toBe(`https://example.org/${version}/vault-kintsugi`);
  });

  it('all four names are filled in, wherever they stand, and no others', () => {
    const url = fillTemplate('https://{network}.example/{version}/{os}-{arch}/{version}{other}', {
      network: 'k',
      version: '2',
    });
    expect(url).toMatch(/^https:\/\/k\.example\/2\/(linux|darwin)-(x86_64|aarch64)\/2\{other\}$/);
  });
});

describe("the runtime's own values", () => {
  it('the time of a block is in milliseconds', () => {
    expect(timeOf(new Map([[keys.now, timeValue(1_795_220_289_156)]]))).toBe(1_795_220_289_156);
    expect(timeOf(new Map())).toBeNull();
  });

  it.each(['0x', '0x00', `${timeValue(1)}00`, `0x${'ff'.repeat(8)}`])('a time %s is refused', (value) => {
    expect(() => timeOf(new Map([[keys.now, value]]))).toThrow(expect.objectContaining({ code: 'protocol' }));
  });

  it.each([1, 63, 64, 16_383, 16_384, 1_025_000])('spec version %i', (version) => {
    expect(specVersionOf(new Map([[keys.runtime, runtimeValue(version)]]))).toBe(version);
  });

  it('a spec version with a tail is refused', () => {
    expect(() => specVersionOf(new Map([[keys.runtime, `${runtimeValue(1)}00`]]))).toThrow('too many');
  });
});

describe('storage keys', () => {
  it('are those of the live networks', () => {
    expect(clients.keys.slice(0, 2)).toEqual([keys.current, keys.pending]);
    expect(storageKey('Timestamp', 'Now')).toBe(keys.now);
    expect(storageKey('System', 'LastRuntimeUpgrade')).toBe(keys.runtime);
  });

  it('a long client name has two length bytes', () => {
    expect(Buffer.from(blake2Concat('n'.repeat(64))).subarray(16, 18)).toEqual(Buffer.from([0x01, 0x01]));
    expect(Buffer.from(blake2Concat('n'.repeat(63))).subarray(16, 17)).toEqual(Buffer.from([0xfc]));
  });
});
