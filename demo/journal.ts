import { readFile } from 'node:fs/promises';

/** One line that a client of the demo wrote about itself. */
export interface Line {
  /** Milliseconds since the epoch, with fractions. */
  readonly at: number;
  readonly what: string;
  readonly version: string;
  readonly pid: number;
}

export async function readJournal(path: string): Promise<readonly Line[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
}

/** How long nobody served before the first word of this start, in ms: from the last word of another process. */
export function downtimeBefore(lines: readonly Line[], start: Line): number {
  const last = lines.filter(({ at, pid }) => at < start.at && pid !== start.pid).at(-1);
  return last === undefined ? 0 : start.at - last.at;
}

export const starts = (lines: readonly Line[]): readonly Line[] => lines.filter(({ what }) => what === 'start');

/** Two that wrote at the same time, by their own witness or by the times of their words. */
export function overlaps(lines: readonly Line[]): readonly string[] {
  const told = lines.filter(({ what }) => what.startsWith('overlap')).map(({ pid, what }) => `${pid}: ${what}`);
  const ends = new Map(lines.map(({ pid, at }) => [pid, at]));
  const begun = starts(lines);
  const crossed = begun.flatMap((one) =>
    begun
      .filter((other) => other.pid !== one.pid && other.at > one.at && other.at < (ends.get(one.pid) ?? 0))
      .map((other) => `${other.pid} began while ${one.pid} served`),
  );
  return [...told, ...crossed];
}
