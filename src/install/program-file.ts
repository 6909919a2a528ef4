import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, constants, fstatSync, openSync } from 'node:fs';
import { copyFile, type FileHandle, link, open } from 'node:fs/promises';
import { systemCode } from './durable.ts';

/** What fstat says of a file, integers as text (ns do not fit a number): unchanged, its bytes are those that were hashed. */
export interface Stamp {
  readonly dev: string;
  readonly ino: string;
  readonly size: string;
  readonly mtimeNs: string;
  readonly ctimeNs: string;
}

export interface Hashed {
  /** 64 hex digits. */
  readonly sha256: string;
  readonly stamp: Stamp;
}

/** Hashes a program from disk, through one descriptor; `null` if no file that can be run lies there. */
export function hashProgram(path: string, signal: AbortSignal): Promise<Hashed | null> {
  return withProgram(path, async (file) => {
    // Another instance may link or unlink the same bytes meanwhile, which changes ctime: a stamp that held still is needed.
    for (;;) {
      const stamp = stampOf(await file.stat({ bigint: true }));
      const sha256 = await hashFile(file, signal);
      if (sameStamp(stamp, stampOf(await file.stat({ bigint: true })))) return { sha256, stamp };
    }
  });
}

/**
 * The stamp of a program; `null` if no file that can be run lies there. In our own thread: it is asked between the exit of one client and the
 * start of the next, and another thread may be waiting for the disk.
 */
export function stampProgram(path: string): Stamp | null {
  let file: number | undefined;
  try {
    file = openSync(path, PROGRAM);
    const stats = fstatSync(file, { bigint: true });
    return isProgram(stats) ? stampOf(stats) : null;
  } catch (thrown) {
    if (isLost(thrown)) return null;
    throw thrown;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

export function sameStamp(a: Stamp, b: Stamp): boolean {
  return a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}

/** Gives verified bytes a second name: a hard link, or a copy where the file systems or the kernel allow none. */
export async function linkOrCopy(source: string, target: string): Promise<void> {
  try {
    await link(source, target);
  } catch (thrown) {
    if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'ENOSYS'].includes(systemCode(thrown) ?? '')) throw thrown;
    await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  }
}

/** Makes a program 0555 and writes it through to the disk. Its mode is left alone where it is right: chmod changes ctime. */
export async function sealProgram(path: string): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { mode } = await file.stat();
    if ((mode & 0o7777) !== 0o555) await file.chmod(0o555);
    await file.sync();
  } finally {
    await file.close();
  }
}

const PROGRAM = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const isProgram = (stats: BigIntStats): boolean => stats.isFile() && (stats.mode & 0o111n) === 0o111n;

/** EIO: a bad sector; such bytes are as good as lost, and are downloaded again. */
const isLost = (thrown: unknown): boolean =>
  ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EIO'].includes(systemCode(thrown) ?? '');

async function withProgram<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T | null> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, PROGRAM);
    return isProgram(await file.stat({ bigint: true })) ? await use(file) : null;
  } catch (thrown) {
    if (isLost(thrown)) return null;
    throw thrown;
  } finally {
    await file?.close();
  }
}

async function hashFile(file: FileHandle, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(256 * 1024);
  for (let position = 0; ; ) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): Stamp {
  return { dev: `${dev}`, ino: `${ino}`, size: `${size}`, mtimeNs: `${mtimeNs}`, ctimeNs: `${ctimeNs}` };
}
