import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Writable } from 'node:stream';

/** Milliseconds between two looks. */
const EVERY = 200;
const PAGE = 64 * 1024;

/**
 * Writes to a stream what a client appends to its log from now on: its host shows it, or keeps it, as before. The file stays what it is; whoever reads
 * the stream slowly, or not at all, holds up nobody.
 */
export function passThrough(path: string, to: Writable): { stop(): void } {
  let offset = sizeOf(path);
  const look = (): void => {
    const size = sizeOf(path);
    // it was turned over, and begins anew
    if (size < offset) offset = 0;
    if (size > offset && !isFull(to)) offset += pour(path, offset, to);
  };
  const timer = setInterval(look, EVERY);
  return {
    stop() {
      clearInterval(timer);
      look();
    },
  };
}

const isFull = (to: Writable): boolean => to.writableNeedDrain || to.destroyed;

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** @returns how many bytes were written */
function pour(path: string, from: number, to: Writable): number {
  const fd = openSync(path, 'r');
  try {
    let read = 0;
    while (from + read < fstatSync(fd).size && !isFull(to)) {
      const page = Buffer.alloc(PAGE);
      const bytes = readSync(fd, page, 0, PAGE, from + read);
      if (bytes === 0) break;
      to.write(page.subarray(0, bytes));
      read += bytes;
    }
    return read;
  } finally {
    closeSync(fd);
  }
}
