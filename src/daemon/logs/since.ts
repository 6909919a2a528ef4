import { parseDuration } from '../../config/duration.ts';
import type { Millis } from '../../core/release.ts';
import { VisorError } from '../../errors.ts';
import { lineTime } from './line-time.ts';
import { linesOf } from './read-piece.ts';
import type { Piece } from './runs.ts';

/** `2h` ago, or a time. @throws VisorError `usage` for what is neither */
export function momentOf(text: string, now: Millis): Millis {
  const span = parseDuration(text);
  if (span !== null) return now - span;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text.replace(' ', 'T')) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new VisorError(
    'usage',
    `${text} is neither a duration nor a time`,
    'Say a whole number and s, m, h or d, such as --since 2h, or a time, such as --since 2026-11-21T01:00:00Z.',
  );
}

/**
 * What of a piece was written since then: from the first line on that says such a time. A line that tells no time goes with the one before it; of a run
 * whose lines tell none all is shown: better too much than the one that mattered left out.
 */
export async function cutSince(piece: Piece, since: Millis): Promise<Piece> {
  const { run, from, to } = piece;
  const nothing = { ...piece, from: to };
  if (run !== null && run.ended !== null && run.ended.at < since) return nothing;
  if (run !== null && run.began >= since) return piece;
  let at = from;
  let knowsTimes = false;
  for await (const { text, bytes } of linesOf(piece)) {
    const time = lineTime(text);
    if (time !== null && time >= since) return { ...piece, from: at };
    knowsTimes ||= time !== null;
    at += bytes;
  }
  return knowsTimes ? nothing : piece;
}
