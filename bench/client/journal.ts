import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a client wrote: when it began, when it was told to leave. */
export interface Entry {
  readonly what: 'start' | 'stop';
  readonly pid: number;
  /** Milliseconds on CLOCK_MONOTONIC, which all processes of a machine share; to the microsecond. */
  readonly at: number;
}

/** The clock of the journals, for what is measured from outside. */
export const clock = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000;

export function readJournal(path: string): readonly Entry[] {
  return textOf(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [what, pid, ns] = line.split(' ');
      return { what: what as Entry['what'], pid: Number(pid), at: Number(BigInt(ns ?? 0) / 1_000n) / 1_000 };
    });
}

/** Waits for one more start than there were; fails after 30 s. */
export async function nextStart(path: string, before: number): Promise<Entry> {
  for (const end = clock() + 30_000; clock() < end; await sleep(5)) {
    const start = starts(path)[before];
    if (start !== undefined) return start;
  }
  throw new Error(`no further client wrote its start to ${path}`);
}

export const starts = (path: string): readonly Entry[] => readJournal(path).filter(({ what }) => what === 'start');

/** Nobody served between the last stop and the last start. */
export function lastGap(path: string): number {
  const entries = readJournal(path);
  const start = entries.findLast(({ what }) => what === 'start');
  const stop = entries.findLast(({ what, at }) => what === 'stop' && at < (start?.at ?? 0));
  if (start === undefined || stop === undefined) throw new Error(`no client was replaced in ${path}`);
  return start.at - stop.at;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
