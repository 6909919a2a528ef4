import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { ListeningSocket } from './sockets.ts';

/**
 * The addresses that a host stands for. A connection to "any address" reaches this machine; `localhost` is both loopbacks
 * whatever a resolver says (RFC 6761, 6.3). Rejects when a name is not known.
 */
export async function addressesOf(host: string): Promise<readonly string[]> {
  if (host === '0.0.0.0') return ['127.0.0.1'];
  if (isIP(host) === 6 && fullForm(host) === anyOfSix) return ['::1'];
  if (isIP(host) !== 0) return [host];
  if (host.toLowerCase() === 'localhost') return ['127.0.0.1', '::1'];
  const found = await lookup(host, { all: true });
  return [...new Set(found.map(({ address }) => address))];
}

/** Whether the address is one of this machine's. */
export function isLocal(address: string): boolean {
  if (address.startsWith('127.') || fullForm(address) === fullForm('::1')) return true;
  const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return own.some((one) => fullForm(one.address) === fullForm(address));
}

/**
 * The sockets that may take a connection to this address: those bound to it, else those bound to any address, where IPv4
 * goes before IPv6 (the order of the kernel's `inet_lookup_listener`). Several, where a port is shared (SO_REUSEPORT).
 */
export function socketsFor(address: string, port: number, all: readonly ListeningSocket[]): readonly ListeningSocket[] {
  const there = all.filter((socket) => socket.port === port);
  const wanted = isIP(address) === 4 ? [address, '0.0.0.0', anyOfSix] : [fullForm(address), anyOfSix];
  const ranks = wanted.map((bound) => there.filter((socket) => socket.address === bound));
  return ranks.find((rank) => rank.length > 0) ?? [];
}

const anyOfSix = '0:0:0:0:0:0:0:0';

/** An address as the kernel's table gives it here: IPv6 in eight groups, a mapped IPv4 one as IPv4. */
function fullForm(address: string): string {
  if (isIP(address) !== 6) return address;
  // URL writes every IPv6 address in one shortest form, a dotted tail included.
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = tail === undefined ? left : [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
  const isMapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff';
  return isMapped ? mappedOf(groups.slice(6)) : groups.join(':');
}

function mappedOf(groups: readonly string[]): string {
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]).join('.');
}
