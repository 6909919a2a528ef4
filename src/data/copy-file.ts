import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, type FileHandle, open } from 'node:fs/promises';
import { systemCode } from '../errors.ts';

/** Keeps a disk busy, and a signal waiting for some milliseconds only. */
const CHUNK = 1024 * 1024;

/** The smallest hole that a file system keeps. */
const HOLE = 4096;
const zeros = Buffer.alloc(HOLE);

/**
 * A second file that shares the first one's blocks until either is written to (copy-on-write). Never a hard link: a program that writes in place would
 * change both.
 * @returns whether this file system can; the target is not there where it cannot
 */
export async function reflink(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (NO_REFLINK.has(systemCode(error) ?? '')) return false;
    throw error;
  }
}

/** Of a file system that cannot, of two file systems, of a file that shall not (chattr +C). */
const NO_REFLINK = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EINVAL', 'ENOTTY', 'EBADF', 'ETXTBSY']);

export interface Copying {
  /** Its holes are kept. */
  readonly isSparse: boolean;
  readonly signal: AbortSignal;
  /** Told of bytes that were read. */
  copied(bytes: number): void;
}

/** Copies the bytes of a file to a new one. @returns the SHA-256 of what was read, as 64 hex digits */
export async function copyBytes(from: string, to: string, copying: Copying): Promise<string> {
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const target = await open(to, 'wx', 0o600);
    try {
      return await pour(source, target, copying);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** One chunk is written while the next is read and hashed. */
async function pour(source: FileHandle, target: FileHandle, { isSparse, signal, copied }: Copying): Promise<string> {
  const hash: Hash = createHash('sha256');
  const buffers = [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)] as const;
  let written: Promise<void> = Promise.resolve();
  let at = 0;
  try {
    for (let turn = 0; ; turn = 1 - turn) {
      signal.throwIfAborted();
      const buffer = buffers[turn === 0 ? 0 : 1];
      const { bytesRead } = await source.read(buffer, 0, CHUNK, at);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      await written;
      written = isSparse ? writeBesideHoles(target, chunk, at) : writeAll(target, chunk, at);
      written.catch(() => {}); // told where it is awaited
      at += bytesRead;
      copied(bytesRead);
    }
  } finally {
    await written;
  }
  if (isSparse) await target.truncate(at);
  return hash.digest('hex');
}

async function writeAll(target: FileHandle, chunk: Buffer, at: number): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await target.write(chunk, done, chunk.length - done, at + done);
    done += bytesWritten;
  }
}

/** What is zero over a whole block is left out: it reads the same. */
async function writeBesideHoles(target: FileHandle, chunk: Buffer, at: number): Promise<void> {
  let from = 0;
  for (let to = 0; to < chunk.length; to += HOLE) {
    const block = chunk.subarray(to, to + HOLE);
    if (!block.equals(zeros.subarray(0, block.length))) continue;
    if (to > from) await writeAll(target, chunk.subarray(from, to), at + from);
    from = to + block.length;
  }
  if (chunk.length > from) await writeAll(target, chunk.subarray(from), at + from);
}
