import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Checksum } from '../../core/release.ts';

/** Large enough to keep the disk busy, small enough that hashing one holds the event loop for half a millisecond. */
const chunk = 512 * 1024;

/**
 * The SHA-256 of a whole file as it is on disk now, streamed.
 * @throws what the file system says; `ELOOP` of a symbolic link; the signal's reason
 */
export async function hashFile(path: string, signal?: AbortSignal): Promise<Checksum> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { hash } = await hashHandle(handle, signal);
    return `0x${hash.digest('hex')}`;
  } finally {
    await handle.close();
  }
}

/** Hashes from the beginning of an open file to its end; the hash may be carried on. */
export async function hashHandle(handle: FileHandle, signal?: AbortSignal): Promise<{ hash: Hash; bytes: number }> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(chunk);
  let bytes = 0;
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, chunk, bytes);
    if (bytesRead === 0) return { hash, bytes };
    hash.update(buffer.subarray(0, bytesRead));
    bytes += bytesRead;
  }
}
