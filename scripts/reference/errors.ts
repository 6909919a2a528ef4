import { readFileSync } from 'node:fs';
import { type ErrorCode, exitStatuses } from '../../src/errors.ts';
import { readWords } from './literals.ts';
import { type Page, page, table } from './page.ts';
import { sources } from './sources.ts';

interface Spoken {
  readonly code: ErrorCode;
  readonly message: string;
  readonly next: string;
}

/** Every error whose words stand in the sources, by its exit status. */
export function errorsPage(): Page {
  const spoken = sources().flatMap((file) => errorsIn(readFileSync(file, 'utf8')));
  const parts = Object.entries(exitStatuses).flatMap(([name, status]) => {
    const own = new Map(spoken.filter((one) => one.code === name).map((one) => [one.message, one]));
    const rows = [...own.values()].map(({ message, next }) => [message, next]).sort(byWords);
    return rows.length === 0 ? [] : [`## ${status} ${name}`, table(['what it says', 'and what to do'], rows)];
  });
  return page(
    'errors.md',
    'Reference: errors',
    'Every error that has words of its own in the sources, by exit status; `…` is what differs from case to case. Those that come at three in the morning are explained in [troubleshooting.md](../troubleshooting.md).',
    ...parts,
  );
}

function errorsIn(text: string): readonly Spoken[] {
  return [...text.matchAll(/new VisorError\(\s*'(\w+)',\s*/g)].flatMap((found) => {
    const message = readWords(text, found.index + found[0].length);
    if (message === null || !/\p{L}{3}/u.test(message.words)) return [];
    const next = readWords(text, message.end);
    return [{ code: found[1] as ErrorCode, message: plain(message.words), next: plain(next?.words ?? '') }];
  });
}

/** As a page shows it: no mark of the page's own in it. */
const plain = (words: string): string => words.replaceAll(/[<>*_[\]`]/g, (mark) => `\\${mark}`);

const byWords = ([a = '']: readonly string[], [b = '']: readonly string[]): number => a.localeCompare(b);
