import type { Millis } from '../../core/release.ts';
import { type HistoryLine, numberOf, releaseOf, textOf, timeOf } from '../../observe/story/line.ts';
import type { KeptFile } from '../../process/output/kept-files.ts';

/** One life of a client, as its history tells it. */
export interface Run {
  readonly pid: number | null;
  readonly release: string;
  readonly began: Millis;
  /** Where its lines begin in the file that was written then; `null`: that was not written down. */
  readonly logFrom: number | null;
  /** `null`: it is up, as far as the history knows. */
  readonly ended: { readonly at: Millis; readonly why: string } | null;
}

/** Bytes of one run in one file. */
export interface Piece {
  readonly path: string;
  readonly from: number;
  /** In bytes; the present end of what is written on. */
  readonly to: number;
  /** `null`: of one that began before what is kept. */
  readonly run: Run | null;
}

/** The runs that the history tells of, the oldest first. */
export function runsOf(lines: readonly HistoryLine[]): readonly Run[] {
  const runs: Run[] = [];
  for (const line of lines) {
    const event = textOf(line, 'event');
    if (event === 'started' || event === 'restarted') runs.push(runOf(line));
    const last = runs.at(-1);
    if ((event === 'exited' || event === 'stopped') && last?.ended === null)
      runs.splice(-1, 1, { ...last, ended: { at: timeOf(line), why: textOf(line, 'reason') ?? 'nobody knows why' } });
  }
  return runs.map((run, index) => {
    const after = runs[index + 1];
    return run.ended === null && after !== undefined
      ? { ...run, ended: { at: after.began, why: 'nobody saw how' } }
      : run;
  });
}

const runOf = (line: HistoryLine): Run => ({
  pid: numberOf(line, 'pid'),
  release: releaseOf(line),
  began: timeOf(line),
  logFrom: numberOf(line, 'logFrom'),
  ended: null,
});

/**
 * Cuts what is kept into runs: a run begins in the file that was written then, which has been put aside as often since as there are files that were
 * turned over after it began.
 */
export function piecesOf(files: readonly KeptFile[], runs: readonly Run[]): readonly Piece[] {
  const begins = runs.flatMap((run) => {
    const since = files.filter(({ turnedAt }) => turnedAt !== null && turnedAt >= run.began).length;
    const file = files[files.length - 1 - since];
    const isThere = file !== undefined && run.logFrom !== null && run.logFrom <= file.size;
    return isThere ? [{ path: file.path, from: run.logFrom, run }] : [];
  });
  let run: Run | null = null;
  return files.flatMap(({ path, size }) => {
    const here = begins.filter((begin) => begin.path === path).sort((a, b) => a.from - b.from);
    const marks = [{ from: 0, run }, ...here];
    run = marks.at(-1)?.run ?? null;
    return marks
      .map((mark, index) => ({ path, from: mark.from, to: marks[index + 1]?.from ?? size, run: mark.run }))
      .filter(({ from, to }, index) => to > from || index === marks.length - 1);
  });
}

export const isAnother = (a: Run | null, b: Run | null): boolean => a?.began !== b?.began || a?.pid !== b?.pid;

/** Those of the last run. */
export function lastRun(pieces: readonly Piece[]): readonly Piece[] {
  const last = pieces.at(-1)?.run ?? null;
  return pieces.slice(pieces.findIndex(({ run }) => run === last));
}
