import { createReadStream } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { printable } from '../../errors.ts';
import { createLineReader } from '../../process/output/line-reader.ts';
import type { Piece } from './runs.ts';

/** What a client wrote, safe to print: its colours are taken out, and whatever else a terminal would obey is shown as what it is. */
export const shownLine = (line: string): string => printable(stripVTControlCharacters(line));

/** The lines of a piece, in their order. */
export async function readPiece({ path, from, to }: Piece, onLine: (line: string) => void): Promise<void> {
  if (to <= from) return;
  const reader = createLineReader((line) => onLine(shownLine(line)));
  for await (const bytes of createReadStream(path, { start: from, end: to - 1 })) reader.feed(bytes as Buffer);
  reader.end();
}
