import { createHash } from 'node:crypto';
import { closeSync, constants, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { systemCode } from '../errors.ts';

/** Keeps a disk busy, and everybody else waiting for a millisecond only. */
const CHUNK = 512 * 1024;

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

/**
 * Copies the bytes of a file to a new one. Each step is synchronous, as the thread pool costs more than a chunk does, and others have their turn between two.
 * @returns the SHA-256 of what was read, as 64 hex digits
 */
export async function copyBytes(from: string, to: string, copying: Copying): Promise<string> {
  const source = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const target = openSync(to, 'wx', 0o600);
    try {
      return await pour(source, target, copying);
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

async function pour(source: number, target: number, { isSparse, signal, copied }: Copying): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK);
  const write = isSparse ? writeBesideHoles : writeAll;
  for (let at = 0; ; ) {
    signal.throwIfAborted();
    const chunk = buffer.subarray(0, readSync(source, buffer, 0, buffer.length, at));
    if (chunk.length === 0) {
      if (isSparse) ftruncateSync(target, at);
      return hash.digest('hex');
    }
    hash.update(chunk);
    write(target, chunk, at);
    at += chunk.length;
    copied(chunk.length);
    await turn();
  }
}

/** A disk that is nearly full takes a part of a chunk before it says so. */
function writeAll(target: number, chunk: Uint8Array, at: number): void {
  for (let done = 0; done < chunk.length; ) done += writeSync(target, chunk, done, chunk.length - done, at + done);
}

/** What is zero over a whole block is left out: it reads the same. */
function writeBesideHoles(target: number, chunk: Buffer, at: number): void {
  let from = 0;
  for (let to = 0; to < chunk.length; to += HOLE) {
    const block = chunk.subarray(to, to + HOLE);
    if (!block.equals(zeros.subarray(0, block.length))) continue;
    if (to > from) writeAll(target, chunk.subarray(from, to), at + from);
    from = to + block.length;
  }
  if (chunk.length > from) writeAll(target, chunk.subarray(from), at + from);
}
