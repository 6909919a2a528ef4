import { type BigIntStats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Which file a path leads to, and which bytes, without reading them. */
export async function fingerprint(path: string): Promise<string> {
  return printOf(await stat(path, { bigint: true }).catch(() => null));
}

/** At the call itself, so that what changes while the caller reads is not taken for known. */
export function fingerprintNow(path: string): string {
  try {
    return printOf(statSync(path, { bigint: true }));
  } catch {
    return printOf(null);
  }
}

const printOf = (stats: BigIntStats | null): string =>
  stats === null ? 'none' : [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ');
