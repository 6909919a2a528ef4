import type { Told } from './on-disk.ts';

/** What a daemon told in its own log, which lies elsewhere: it tells only what is saved. */
export function toldIn(log: string, held: boolean): Told {
  const of = (event: string): readonly string[] =>
    events(log).flatMap((line) =>
      line['event'] === event && typeof line['checksum'] === 'string' ? [line['checksum']] : [],
    );
  return { committed: of('committed'), quarantined: of('quarantined'), held };
}

/** How many lines of the history a log stands for. */
export const linesIn = (log: string): number => events(log).length;

function events(log: string): readonly Record<string, unknown>[] {
  return log.split('\n').flatMap((text) => {
    try {
      const line = JSON.parse(text) as Record<string, unknown>;
      return typeof line['event'] === 'string' ? [line] : [];
    } catch {
      return [];
    }
  });
}
