import { type BigIntStats, realpathSync, statSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';

/** Which file a path leads to, and which bytes, without reading them. */
export async function fingerprint(path: string): Promise<string> {
  const [real, stats] = await Promise.all([realpath(path), stat(path, { bigint: true })]).catch(() => [null, null]);
  return printOf(real, stats);
}

/** At the call itself, so that what changes while the caller reads is not taken for known. */
export function fingerprintNow(path: string): string {
  try {
    return printOf(realpathSync(path), statSync(path, { bigint: true }));
  } catch {
    return printOf(null, null);
  }
}

const printOf = (real: string | null, stats: BigIntStats | null): string =>
  stats === null ? 'none' : [real, stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ');
