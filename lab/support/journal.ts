import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One line of a client's journal (client/vault.c). */
export interface Line {
  /** Nanoseconds on the monotonic clock of the machine. */
  readonly at: number;
  readonly pid: number;
  readonly what: 'start' | 'serve' | 'stop' | 'overlap' | 'refused';
  /** `start`: release and print; `stop`: why; `overlap`: how, and whom it met. */
  readonly detail: string;
}

/** All that the clients of one witness folder wrote. A last line that a power cut left half is no line. */
export const readJournal = (witness: string): readonly Line[] => linesOf(textAt(join(witness, 'journal')));

/** The lines of a piece of a journal. */
export function linesOf(text: string): readonly Line[] {
  return text.split('\n').flatMap((one) => {
    const [, at, pid, what, detail] = /^(\d+) (\d+) (start|serve|stop|overlap|refused)(?: (.*))?$/.exec(one) ?? [];
    return what === undefined
      ? []
      : [{ at: Number(at), pid: Number(pid), what: what as Line['what'], detail: detail ?? '' }];
  });
}

/** Two that lived at one time, in the words of those who met; a refusal by the client's own guard is one too. */
export function overlapsIn(lines: readonly Line[]): readonly string[] {
  return lines
    .filter(({ what }) => what === 'overlap' || what === 'refused')
    .map(({ at, pid, what, detail }) => `${pid}: ${what} ${detail} at ${at}`);
}

/** Which bytes ran: release and print of every start. */
export const ran = (lines: readonly Line[]): readonly { readonly release: string; readonly print: string }[] =>
  lines
    .filter(({ what }) => what === 'start')
    .map(({ detail }) => ({ release: detail.split(' ')[0] ?? '', print: detail.split(' ')[1] ?? '' }));

/** Which starts were of bytes that were never named, in words. One that lost its disk before it had read itself is not known. */
export const unproved = (lines: readonly Line[], prints: ReadonlySet<string>): readonly string[] =>
  ran(lines)
    .filter(({ print }) => !/^0*$/.test(print) && !prints.has(print))
    .map(({ release, print }) => `an unverified program ran (${release}, ${print})`);

export function textAt(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
