import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';

/** A socket that listens, as the kernel's table has it. IPv6 in full (`0:0:…`); an IPv4 one behind IPv6 as the IPv4 address. */
export interface ListeningSocket {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

const listening = '0A';

/**
 * The listening TCP sockets of this machine (network namespace). Source: proc(5), `/proc/net/tcp` and `tcp6`.
 * Not read in line: the kernel walks its whole table of connections for it, milliseconds in which nothing else would go on.
 */
export async function listeningSockets(): Promise<readonly ListeningSocket[]> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readTable));
  return tables.flatMap(parseTable);
}

/** Exported for the tests: the rows of one table. */
export function parseTable(table: string): readonly ListeningSocket[] {
  return table.split('\n').slice(1).flatMap(parseRow);
}

/** A kernel without IPv6 has no `tcp6`. */
async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw thrown;
  }
}

function parseRow(row: string): readonly ListeningSocket[] {
  const [, local = '', , state, , , , , , inode = ''] = row.trim().split(/\s+/);
  const [address = '', port = ''] = local.split(':');
  if (state !== listening) return [];
  return [{ address: addressOf(address), port: Number.parseInt(port, 16), inode }];
}

/** The table prints each 32-bit word of the address as this machine reads it, not as the net sends it. */
function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  if (endianness() === 'LE') bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.subarray(0, 12).equals(mappedPrefix);
  return isMapped ? bytes.subarray(12).join('.') : groupsOf(bytes);
}

const mappedPrefix = Buffer.from('00000000000000000000ffff', 'hex');

function groupsOf(bytes: Buffer): string {
  return Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(':');
}
