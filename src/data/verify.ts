import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Backup, contentOf, type MarkedEntry, writeMarker } from './marker.ts';
import { lookAtTree } from './tree.ts';

/** A time goes through a floating-point number on its way to the disk (ms). */
const ROUNDED = 1;

/**
 * Compares a backup with what was said of it when it was made: names, sizes, times, and the SHA-256 of each file that was read then.
 * @returns what is wrong, in words; none: nothing
 */
export async function verify({ folder, marker }: Backup, signal: AbortSignal): Promise<readonly string[]> {
  const content = contentOf(folder);
  const found = new Map((await lookAtTree(content, signal)).entries.map((entry) => [entry.path, entry]));
  const wrong: string[] = [];
  for (const said of marker.entries) {
    const entry = found.get(said.path);
    found.delete(said.path);
    const path = said.path || 'the folder itself';
    if (entry === undefined || entry.kind !== said.kind) wrong.push(`${path} is missing`);
    else if (said.kind === 'file' && entry.size !== said.size)
      wrong.push(`${path} has ${entry.size} bytes, and had ${said.size}`);
    else if (said.kind === 'file' && Math.abs(entry.mtime - said.mtime) > ROUNDED)
      wrong.push(`${path} was written to since`);
    else if (said.sha256 !== null && (await hashOf(join(content, said.path), signal)) !== said.sha256)
      wrong.push(`${path} has other bytes`);
  }
  return [...wrong, ...[...found.keys()].map((path) => `${path} was not there`)];
}

/** Whether each of its files was read and hashed. */
export const isSealed = ({ marker }: Backup): boolean => marker.entries.every(isHashed);
const isHashed = ({ kind, sha256 }: MarkedEntry): boolean => kind !== 'file' || sha256 !== null;

/**
 * Reads and hashes what shared its blocks when it was made: that would have cost the client its time then. Only what is still of the size and time
 * that it had is hashed.
 * @param isStill whether it is still wanted, asked before that is written down
 */
export async function seal(backup: Backup, isStill: () => boolean, signal: AbortSignal): Promise<void> {
  if (isSealed(backup) || (await verify(backup, signal)).length > 0) return;
  const entries: MarkedEntry[] = [];
  for (const entry of backup.marker.entries)
    entries.push(
      isHashed(entry) ? entry : { ...entry, sha256: await hashOf(join(contentOf(backup.folder), entry.path), signal) },
    );
  if (isStill()) await writeMarker({ ...backup, marker: { ...backup.marker, entries } });
}

async function hashOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 512 * 1024 }), hash, { signal });
  return hash.digest('hex');
}
