import { open } from 'node:fs/promises';
import type { Piece } from './runs.ts';

const BLOCK = 64 * 1024;
const LINE_END = 10;

/** The end of these pieces, `most` lines of it. Read from behind: of a great log only what is shown. */
export async function newest(pieces: readonly Piece[], most: number): Promise<readonly Piece[]> {
  const kept: Piece[] = [];
  let wanted = most;
  for (const piece of [...pieces].reverse()) {
    if (wanted === 0) break;
    if (piece.to <= piece.from) continue;
    const { from, lines } = await lastOf(piece, wanted);
    kept.unshift({ ...piece, from });
    wanted -= lines;
  }
  return kept;
}

/** Where the last lines of a piece begin, and how many they are. */
async function lastOf({ path, from, to }: Piece, most: number): Promise<{ from: number; lines: number }> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(BLOCK);
    let lines = 1;
    for (let end = to; end > from; ) {
      const start = Math.max(from, end - BLOCK);
      const { bytesRead } = await file.read(buffer, 0, end - start, start);
      const block = buffer.subarray(0, bytesRead);
      // the last byte of all ends a line and begins none
      for (let at = block.lastIndexOf(LINE_END); at !== -1; at = at === 0 ? -1 : block.lastIndexOf(LINE_END, at - 1)) {
        if (start + at === to - 1) continue;
        if (lines === most) return { from: start + at + 1, lines };
        lines += 1;
      }
      end = start;
    }
    return { from, lines };
  } finally {
    await file.close();
  }
}
