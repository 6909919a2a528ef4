import { rmSync } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checksum } from '../core/release.ts';
import type { Store } from '../layout.ts';
import { namesIn } from './atomic-write.ts';
import { checksumOf, verifiedPath } from './files/checksum-path.ts';
import { codeOf } from './files/file-errors.ts';
import { hashFile } from './files/hash-file.ts';
import { importFile } from './import-file.ts';

/** Whether somebody names it now. */
export type Keep = (checksum: Checksum) => boolean;

/** The verified bytes, shared by all instances; a file is named for the SHA-256 that it has proved. */
export interface Blobs {
  readonly store: Store;
  /** Where the bytes lie if they are held: mode 0555, to be executed or read, never written. */
  path(checksum: Checksum): string;
  /** Whether a file is there; whether it is still what it was, `verify` says. */
  has(checksum: Checksum): Promise<boolean>;
  /** Hashes the whole file from disk. `false`: not there, or no longer what its name says. */
  verify(checksum: Checksum, signal?: AbortSignal): Promise<boolean>;
  discard(checksum: Checksum): Promise<void>;
  /** What is held, in no order. */
  list(): Promise<Checksum[]>;
  /**
   * Removes the bytes, whole and partial, that nobody names; says which checksums went. Who names what is asked when it is known what lies here, and of
   * each just before it goes: what was named and fetched meanwhile stays.
   */
  prune(keeping: () => Promise<Keep>): Promise<Checksum[]>;
  /**
   * Takes a local file in (`start.initial`), copied and hashed in one pass.
   * @throws VisorError `protocol` if it is not the checksum asked for, `io` or `permission` where the disk says no
   */
  importFile(path: string, checksum: Checksum | null, signal: AbortSignal): Promise<Checksum>;
}

export function openBlobs(store: Store): Blobs {
  return {
    store,
    path: (checksum) => verifiedPath(store, checksum),
    has: (checksum) => isFile(verifiedPath(store, checksum)),
    verify: (checksum, signal) => isIntact(verifiedPath(store, checksum), checksum, signal),
    discard: (checksum) => rm(verifiedPath(store, checksum), { force: true }),
    list: () => held(store.verified),
    prune: (keeping) => prune(store, keeping),
    importFile: (path, checksum, signal) => importFile(store, path, checksum, signal),
  };
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function isIntact(path: string, checksum: Checksum, signal?: AbortSignal): Promise<boolean> {
  try {
    return (await hashFile(path, signal)) === checksum;
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'EISDIR'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}

async function held(folder: string): Promise<Checksum[]> {
  const checksums = (await namesIn(folder)).map(checksumOf);
  return checksums.filter((checksum) => checksum !== null);
}

async function prune(store: Store, keeping: () => Promise<Keep>): Promise<Checksum[]> {
  const folders = [store.verified, store.partial];
  const there = await Promise.all(folders.map(async (folder) => ({ folder, names: await namesIn(folder) })));
  const isKept = await keeping();
  const gone = new Set<Checksum>();
  for (const { folder, names } of there) {
    for (const name of names) {
      const checksum = checksumOf(name.replace(/\.json$/, ''));
      if (checksum === null || isKept(checksum)) continue;
      // at once: what is asked for meanwhile must not find it there and then lose it
      rmSync(join(folder, name), { force: true });
      gone.add(checksum);
    }
  }
  return [...gone];
}
