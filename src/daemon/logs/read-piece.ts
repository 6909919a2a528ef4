import { createReadStream } from 'node:fs';
import { shownLine } from '../../errors.ts';
import { createLineReader } from '../../process/output/line-reader.ts';
import type { Piece } from './runs.ts';

/** A line, and how many bytes of the piece it is. */
export interface PieceLine {
  readonly text: string;
  readonly bytes: number;
}

/** The lines of a piece, in their order: read as they are taken, so that who takes them slowly holds no more than 64 KiB of them. */
export async function* linesOf({ path, from, to }: Piece): AsyncGenerator<PieceLine> {
  if (to <= from) return;
  let lines: PieceLine[] = [];
  const reader = createLineReader((line, bytes) => void lines.push({ text: shownLine(line), bytes }));
  for await (const bytes of createReadStream(path, { start: from, end: to - 1 })) {
    reader.feed(bytes as Buffer);
    yield* lines;
    lines = [];
  }
  reader.end();
  yield* lines;
}
