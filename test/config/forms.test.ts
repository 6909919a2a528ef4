import { describe, expect, test } from 'vitest';
import { addressOfUrl, collide, isLoopback, parseAddress } from '../../src/config/address.ts';
import { parseByteCount } from '../../src/config/byte-count.ts';
import { formatDuration, parseDuration } from '../../src/config/duration.ts';
import { parseRate } from '../../src/config/rate.ts';

describe('durations', () => {
  test.each<[string, number | null]>([
    ['1ms', 1],
    ['0s', 0],
    ['90s', 90_000],
    ['060m', 3_600_000],
    ['24h', 86_400_000],
    ['36500d', 3_153_600_000_000],
    ['36501d', null],
    ['9'.repeat(400).concat('d'), null],
    ...['', 's', '1', '1 s', '1.5s', '-1s', '1S', '1m30s', ' 1s', '1s\n', '١s'].map(
      (text) => [text, null] as [string, null],
    ),
  ])('%j is read as %j', (text, millis) => expect(parseDuration(text)).toBe(millis));

  test.each([
    [0, '0s'],
    [1, '1ms'],
    [1_500, '1500ms'],
    [90_000, '90s'],
    [3_600_000, '1h'],
    [172_800_000, '2d'],
  ])('%j is written %j, and read again', (millis, text) => {
    expect(formatDuration(millis)).toBe(text);
    expect(parseDuration(text)).toBe(millis);
  });
});

test.each<[string, object | null]>([
  ['3/h', { restarts: 3, per: 3_600_000 }],
  ['0/s', { restarts: 0, per: 1_000 }],
  ...['3', '3/ms', '/h', '3/w', '3 / h', '9999999/h'].map((text): [string, null] => [text, null]),
])('rate %j', (text, rate) => expect(parseRate(text)).toEqual(rate));

test.each<[string | number, number | null]>([
  [1, 1],
  ['1B', 1],
  ['512MiB', 536_870_912],
  ['2TiB', 2_199_023_255_552],
  ...[0, 1.5, Number.NaN, 2 ** 53, '0B', '1MB', '1.5GiB', '5', '9'.repeat(20).concat('KiB')].map(
    (said): [string | number, null] => [said, null],
  ),
])('byte count %j', (said, bytes) => expect(parseByteCount(said)).toBe(bytes));

describe('addresses', () => {
  test.each<[string, object | null]>([
    ['127.0.0.1:9616', { host: '127.0.0.1', port: 9616 }],
    ['[::1]:0', { host: '::1', port: 0 }],
    ['a.example:65535', { host: 'a.example', port: 65_535 }],
    ...['::1:80', ':80', 'a:', 'a:65536', 'a b:1', 'http://a:1', '[x]:1', '256.1.1.1:1'].map((text): [string, null] => [
      text,
      null,
    ]),
  ])('%j', (text, address) => expect(parseAddress(text)).toEqual(address));

  test.each([
    ['http://a/', { host: 'a', port: 80 }],
    ['https://a/', { host: 'a', port: 443 }],
    ['http://[::1]:9615/metrics', { host: '::1', port: 9615 }],
  ])('of %s', (url, address) => expect(addressOfUrl(url)).toEqual(address));

  test.each([
    'localhost',
    'LOCALHOST',
    'a.localhost',
    '127.0.0.1',
    '127.255.0.9',
    '127.1',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
  ])('%s is this machine', (host) => expect(isLoopback(host)).toBe(true));

  test.each([
    '0.0.0.0',
    '::',
    '128.0.0.1',
    '10.0.0.1',
    '127.0.0.1.example.org',
    'localhost.example.org',
    'mylocalhost',
    '::ffff:10.0.0.1',
    'fe80::1',
  ])('%s may be another', (host) => expect(isLoopback(host)).toBe(false));

  test.each([
    ['localhost:1', '127.0.0.1:1', true],
    ['0.0.0.0:1', '127.0.0.1:1', true],
    ['[::]:1', '127.0.0.1:1', true],
    ['127.0.0.1:1', '127.0.0.1:2', false],
    ['127.0.0.1:1', '127.0.0.2:1', false],
    ['127.0.0.1:0', '127.0.0.1:0', false],
  ])('%s and %s meet: %j', (a, b, meet) => expect(collide(parseAddress(a)!, parseAddress(b)!)).toBe(meet));
});
