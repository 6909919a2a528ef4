import { endianness } from 'node:os';
import { expect, test } from 'vitest';
import { isLocal, socketsFor } from '../../../src/probe/listener/address.ts';
import { type ListeningSocket, listeningSockets, parseTable } from '../../../src/probe/listener/sockets.ts';
import { serve } from '../support/servers.ts';

const header = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const rest = '00000000:00000000 00:00000000 00000000  1000        0';

test.skipIf(endianness() !== 'LE')('rows of the kernel are read: both families, and only what listens', () => {
  const table = [
    header,
    `   0: 0100007F:258F 00000000:0000 0A ${rest} 4711 1 0000 100 0 0 10 0`,
    `   1: 0100007F:258F 0100007F:9999 01 ${rest} 4712 1 0000 20 4 30 10 -1`,
    `   2: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A ${rest} 4713 1`,
    `   3: 0000000000000000FFFF00000100007F:0051 00000000000000000000000000000000:0000 0A ${rest} 4714 1`,
    '',
  ].join('\n');
  expect(parseTable(table)).toEqual([
    { address: '127.0.0.1', port: 9615, inode: '4711' },
    { address: '0:0:0:0:0:0:0:1', port: 80, inode: '4713' },
    { address: '127.0.0.1', port: 81, inode: '4714' },
  ]);
});

test('the real table has the real server, once', async () => {
  const { port } = await serve(() => {});
  expect((await listeningSockets()).filter((one) => one.port === port)).toHaveLength(1);
});

const six = '0:0:0:0:0:0:0:0';
const socket = (address: string, inode: string): ListeningSocket => ({ address, port: 80, inode });
const all = [socket('0.0.0.0', 'any4'), socket(six, 'any6'), socket('127.0.0.1', 'a'), socket('127.0.0.1', 'b')];

test.each<[string, string, readonly ListeningSocket[], readonly string[]]>([
  ['bound to it goes first, all that share it', '127.0.0.1', all, ['a', 'b']],
  ['then any address of IPv4', '127.0.0.2', all, ['any4']],
  ['then any of IPv6', '127.0.0.2', [socket(six, 'any6')], ['any6']],
  ['IPv6 is never answered by IPv4', '::1', all.slice(0, 1), []],
  ['any of IPv6', '::1', all, ['any6']],
  ['an IPv6 address, spelled long or short', '0:0:0::1', [socket('0:0:0:0:0:0:0:1', 'x'), socket(six, 'y')], ['x']],
  ['an IPv4 one spelled as IPv6', '::ffff:127.0.0.1', all, ['a', 'b']],
])('%s', (_what, address, sockets, inodes) => {
  expect(socketsFor(address, 80, sockets).map(({ inode }) => inode)).toEqual(inodes);
  expect(socketsFor(address, 81, sockets)).toEqual([]);
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['::1', true],
  ['0::1', true],
  ['192.0.2.7', false],
  ['2001:db8::1', false],
  ['12.7.0.1', false],
])('%s is of this machine: %s', (address, expected) => {
  expect(isLocal(address)).toBe(expected);
});
