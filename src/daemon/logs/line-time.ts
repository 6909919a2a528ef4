import type { Millis } from '../../core/release.ts';

/** As RFC 3339 has it, and as most loggers write it; without a zone it is the machine's. */
const stamp = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?/;

/** How far into a line its time may begin: after a level, a brace or a name. */
const SOON = 80;

/** The time that a line of a client says of itself; `null`: none that is understood. */
export function lineTime(line: string): Millis | null {
  const found = stamp.exec(line.slice(0, SOON))?.[0];
  if (found === undefined) return null;
  const time = Date.parse(
    found
      .replace(',', '.')
      .replace(/ ?UTC$/, 'Z')
      .replace(' ', 'T'),
  );
  return Number.isNaN(time) ? null : time;
}
