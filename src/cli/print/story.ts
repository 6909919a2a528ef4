import type { Chapter, Outcome } from '../../observe/story/chapter.ts';
import { clockWords } from '../../observe/words/time.ts';
import type { Paint, Style } from './paint.ts';
import { wrap } from './wrap.ts';

const marks = {
  well: ['green', '✔'],
  busy: ['yellow', '▲'],
  ill: ['red', '✖'],
  plain: ['dim', '·'],
} as const satisfies Record<Outcome, readonly [Style, string]>;

/** One chapter: when, whose, and what happened; the parts of an update are below its title. */
export function chapterText(
  { began, ended, network, client, title, outcome, steps, times }: Chapter,
  paint: Paint,
  width: number,
): string {
  const [style, mark] = marks[outcome];
  const often = times === 1 ? '' : ` (${times} times, the last at ${clockWords(ended)})`;
  const what = title === null ? steps.join(' → ') : paint('bold', title);
  const head = `${paint('dim', clockWords(began))}  ${network}/${client}  ${paint(style, mark)} ${what}${often}`;
  const lines = title === null ? [] : [wrap(`    ${steps.join(' → ')}`, width, 6)];
  return [wrap(head, width, 4), ...lines].join('\n');
}
