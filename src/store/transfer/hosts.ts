import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';

/** Where a host lies. A redirect may lead to what is public, else only to the kind that the operator or the chain named. */
export type HostKind = 'public' | 'private' | 'link-local' | 'loopback';

/** The kind of a URL's host by its address, asking the resolver for a name. What does not resolve is `public`: a proxy may know it. */
export async function kindOfHost(host: string): Promise<HostKind> {
  if (isLoopbackName(host)) return 'loopback';
  if (isIP(bare(host)) !== 0) return kindOfAddress(bare(host));
  try {
    const found = await lookup(host, { all: true });
    return innermost(found.map(({ address }) => kindOfAddress(address)));
  } catch {
    return 'public';
  }
}

/** `localhost` and the addresses of this machine, as they are written: no resolver is asked. */
export function isLoopback(host: string): boolean {
  return isLoopbackName(host) || kindOfAddress(bare(host)) === 'loopback';
}

/** The kind of an IP address; of anything else `public`. */
export function kindOfAddress(address: string): HostKind {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0) return 'public';
  return kinds.find(({ list }) => list.check(address, family))?.kind ?? 'public';
}

/** One inner address among several is enough: the connection may be made to any of them. */
export function innermost(found: readonly HostKind[]): HostKind {
  return kinds.find(({ kind }) => found.includes(kind))?.kind ?? 'public';
}

const isLoopbackName = (host: string): boolean => /(^|\.)localhost\.?$/.test(host);

/** IANA special-purpose address registries (RFC 6890 and its updates); `0.0.0.0` and `::` connect to this machine. */
const kinds: readonly { readonly kind: HostKind; readonly list: BlockList }[] = [
  { kind: 'loopback', list: listOf(['127.0.0.0', 8], ['0.0.0.0', 8], ['::1', 128], ['::', 128]) },
  { kind: 'link-local', list: listOf(['169.254.0.0', 16], ['fe80::', 10]) },
  {
    kind: 'private',
    list: listOf(
      ['10.0.0.0', 8],
      ['172.16.0.0', 12],
      ['192.168.0.0', 16],
      ['100.64.0.0', 10],
      ['192.0.0.0', 24],
      ['198.18.0.0', 15],
      ['224.0.0.0', 3],
      ['fc00::', 7],
      ['fec0::', 10],
      ['ff00::', 8],
    ),
  },
];

function listOf(...ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4');
  return list;
}

/** A URL writes an IPv6 address in brackets. */
const bare = (host: string): string => host.replace(/^\[|\]$/g, '');
