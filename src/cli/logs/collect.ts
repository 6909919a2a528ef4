import type { Millis } from '../../core/release.ts';
import { readPiece } from './read-piece.ts';
import type { Piece, Run } from './runs.ts';
import { mayBeSince, sinceFilter } from './since.ts';

/** A line of a client, with the run that it is of. */
export interface LogLine {
  readonly run: Run | null;
  readonly text: string;
}

/** The lines of these pieces, oldest first: only the newest `most`, and only those since a moment. */
export async function collect(
  pieces: readonly Piece[],
  { most, since }: { readonly most: number; readonly since: Millis | null },
): Promise<readonly LogLine[]> {
  let lines: LogLine[] = [];
  for (const piece of pieces) {
    if (since !== null && !mayBeSince(piece, since)) continue;
    const keep = (text: string): void => {
      lines.push({ run: piece.run, text });
      // cut now and then: of a great log only the end is wanted
      if (lines.length > 2 * most + 1_000) lines = lines.slice(-most);
    };
    const filter = since === null ? { line: keep, end: () => {} } : sinceFilter(piece, since, keep);
    await readPiece(piece, filter.line);
    filter.end();
  }
  return most === 0 ? [] : lines.slice(-most);
}
