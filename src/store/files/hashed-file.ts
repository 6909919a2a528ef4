import { createHash, type Hash } from 'node:crypto';
import { constants, ftruncateSync, writeSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Checksum } from '../../core/release.ts';
import { codeOf, diskError } from './file-errors.ts';
import { hashHandle } from './hash-file.ts';

/** After so many bytes the disk begins to work while the next ones come: the end then waits for 10 ms instead of 100 (200 MB; bench/). */
const early = 16 * 1024 * 1024;

/** A file that is being written front to back, and the hash of what it holds so far. */
export interface HashedFile {
  readonly path: string;
  readonly handle: FileHandle;
  length(): number;
  /** Writes behind what is there; throws VisorError `io` where the disk says no. Synchronous: one chunk costs less than a turn through the thread pool (bench/). */
  append(chunk: Uint8Array): void;
  /** Makes all bytes so far durable. @throws also what an earlier attempt in the background met: the kernel tells a lost write only once */
  sync(): Promise<void>;
  /** The SHA-256 of all bytes so far. */
  checksum(): Checksum;
  /** Back to nothing. */
  restart(): void;
  /** May be called more than once. */
  close(): Promise<void>;
}

/** A new, empty file, readable by us alone. @throws what the file system says, `EEXIST` too */
export async function createHashedFile(path: string): Promise<HashedFile> {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  return hashedFile(path, handle, createHash('sha256'), 0);
}

/** The file as a former process left it, hashed anew from disk; a new one where there is none. Never through a link. */
export async function reopenHashedFile(path: string, signal: AbortSignal): Promise<HashedFile> {
  await makeWritable(path);
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  try {
    const { hash, bytes } = await hashHandle(handle, signal);
    return hashedFile(path, handle, hash, bytes);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function hashedFile(path: string, handle: FileHandle, startHash: Hash, startLength: number): HashedFile {
  let hash = startHash;
  let length = startLength;
  let unsynced = 0;
  let syncing: Promise<void> | null = null;
  let lost: unknown = null;
  const syncEarly = () => {
    unsynced = 0;
    syncing = handle
      .datasync()
      .catch((error: unknown) => {
        lost ??= error;
      })
      .finally(() => {
        syncing = null;
      });
  };
  let closed: Promise<void> | null = null;
  return {
    path,
    handle,
    length: () => length,
    append(chunk) {
      guarded(path, () => writeAll(handle.fd, chunk, length));
      hash.update(chunk);
      length += chunk.length;
      unsynced += chunk.length;
      if (unsynced >= early && syncing === null) syncEarly();
    },
    async sync() {
      await syncing;
      if (lost !== null) throw lost;
      await handle.sync();
    },
    checksum: () => `0x${hash.copy().digest('hex')}`,
    restart() {
      guarded(path, () => ftruncateSync(handle.fd, 0));
      hash = createHash('sha256');
      length = 0;
    },
    close() {
      closed ??= handle.close();
      return closed;
    },
  };
}

/** A supervisor that dies between proving the bytes and renaming them leaves a file that not even its owner may write. */
async function makeWritable(path: string): Promise<void> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    await handle.chmod(0o600).finally(() => handle.close());
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function guarded(path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    throw diskError(error, `could not write ${path}`);
  }
}

/** A disk that is nearly full takes a part of a chunk before it says so. */
function writeAll(descriptor: number, chunk: Uint8Array, position: number): void {
  let done = 0;
  while (done < chunk.length) done += writeSync(descriptor, chunk, done, chunk.length - done, position + done);
}
