import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { createLineReader } from '../../process/output/line-reader.ts';
import { shownLine } from './read-piece.ts';

const BUFFER = 64 * 1024;

/** Hands on what is appended to a client's log, over its turning over, and over its removal. */
export interface LogFollower {
  /** Reads what has come since the last look, of the file that is written up to a byte. */
  look(until?: number): void;
}

/** @param from where to begin, in bytes; a file that is not there yet is waited for */
export function followLog(path: string, from: number, onLine: (line: string) => void): LogFollower {
  const buffer = Buffer.allocUnsafe(BUFFER);
  const reader = createLineReader((line) => onLine(shownLine(line)));
  let offset = from;
  let inode = inodeOf(path);

  const readOn = (file: string, until: number): void => {
    const fd = openSync(file, 'r');
    try {
      const end = Math.min(fstatSync(fd).size, until);
      while (offset < end) {
        const read = readSync(fd, buffer, 0, Math.min(BUFFER, end - offset), offset);
        if (read === 0) break;
        offset += read;
        reader.feed(buffer.subarray(0, read));
      }
    } finally {
      closeSync(fd);
    }
  };

  const look = (until = Number.POSITIVE_INFINITY): void => {
    const now = inodeOf(path);
    if (now === null) return;
    if (now !== inode) offset = 0;
    inode = now;
    if (statSync(path).size < offset) {
      // it was turned over: what was not read yet is at the end of the copy
      if (inodeOf(`${path}.1`) !== null && statSync(`${path}.1`).size >= offset)
        readOn(`${path}.1`, Number.POSITIVE_INFINITY);
      offset = 0;
    }
    readOn(path, until);
  };
  return { look };
}

function inodeOf(path: string): number | null {
  try {
    return statSync(path).ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
