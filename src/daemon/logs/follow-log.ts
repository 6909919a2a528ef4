import { open, stat } from 'node:fs/promises';
import { shownLine, systemCode } from '../../errors.ts';
import { createLineReader } from '../../process/output/line-reader.ts';

const BUFFER = 64 * 1024;

/** Hands on what is appended to a client's log, over its turning over, and over its removal. */
export interface LogFollower {
  /** The lines that have come since the last look, of the file that is written up to a byte; read as they are taken. */
  look(until?: number): AsyncGenerator<string>;
}

/** @param from where to begin, in bytes; a file that is not there yet is waited for */
export async function followLog(path: string, from: number): Promise<LogFollower> {
  const buffer = Buffer.allocUnsafe(BUFFER);
  let lines: string[] = [];
  const reader = createLineReader((line) => void lines.push(shownLine(line)));
  let offset = from;
  let inode = (await fileAt(path))?.ino ?? null;

  /** No file stays open while the lines are taken. */
  async function* readOn(file: string, until: number): AsyncGenerator<string> {
    for (;;) {
      const length = Math.min(BUFFER, until - offset);
      const read = length > 0 ? await readAt(file, buffer, length, offset) : 0;
      if (read === 0) return;
      offset += read;
      reader.feed(buffer.subarray(0, read));
      const come = lines;
      lines = [];
      yield* come;
    }
  }

  async function* look(until = Number.POSITIVE_INFINITY): AsyncGenerator<string> {
    const now = await fileAt(path);
    if (now === null) return;
    if (now.ino !== inode) offset = 0;
    inode = now.ino;
    if (now.size < offset) {
      // it was turned over: what was not read yet is at the end of the copy
      const copy = await fileAt(`${path}.1`);
      if (copy !== null && copy.size >= offset) yield* readOn(`${path}.1`, copy.size);
      offset = 0;
    }
    // as far as it is by now: one that writes as fast as we read must not keep the others waiting
    yield* readOn(path, Math.min(until, Math.max(now.size, offset)));
  }
  return { look };
}

async function readAt(path: string, buffer: Buffer, length: number, offset: number): Promise<number> {
  const file = await open(path);
  try {
    return (await file.read(buffer, 0, length, offset)).bytesRead;
  } finally {
    await file.close();
  }
}

async function fileAt(path: string): Promise<{ readonly ino: number; readonly size: number } | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
