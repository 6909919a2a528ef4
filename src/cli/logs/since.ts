import { parseDuration } from '../../config/duration.ts';
import type { Millis } from '../../core/release.ts';
import { VisorError } from '../../errors.ts';
import { lineTime } from './line-time.ts';
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

/** Whether any of it can have been written since then. */
export const mayBeSince = ({ run }: Piece, since: Millis): boolean =>
  run === null || run.ended === null || run.ended.at >= since;

/**
 * Lets lines through from the first one on that says a time since then. A line that tells no time goes with the one before it; of a run whose lines tell
 * none, all go through: better too much than the one that mattered left out.
 */
export function sinceFilter(
  piece: Piece,
  since: Millis,
  pass: (line: string) => void,
): { line(text: string): void; end(): void } {
  let isOpen = piece.run !== null && piece.run.began >= since;
  let knowsTimes = false;
  const withoutTime: string[] = [];
  return {
    line(text) {
      const time = isOpen ? null : lineTime(text);
      knowsTimes ||= time !== null;
      isOpen ||= time !== null && time >= since;
      if (isOpen) pass(text);
      else if (!knowsTimes) withoutTime.push(text);
    },
    end() {
      if (!knowsTimes && !isOpen) withoutTime.forEach(pass);
    },
  };
}
