import { readFileSync, writeFileSync } from 'node:fs';
import type { Figure } from './experiment.ts';
import type { Recorded } from './record.ts';

const PAGE = new URL('../docs/reliability.md', import.meta.url);
const BEGIN = '<!-- begin: written by npm run lab -->';
const END = '<!-- end -->';

/** Puts what was recorded into docs/reliability.md; the rest of the page is written by people. */
export function writePage(all: readonly Recorded[]): void {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error('docs/reliability.md has lost the marks between which figures stand');
  writeFileSync(
    PAGE,
    `${page.slice(0, begin + BEGIN.length)}\n\n${all.map(section).join('\n\n')}\n\n${page.slice(end)}`,
  );
}

function section(one: Recorded): string {
  const verdict = one.violations.length === 0 ? 'It held.' : `It was broken ${one.violations.length} times.`;
  return [
    `### ${one.name}`,
    `${one.promise} **${verdict}**`,
    `\`${one.command}\`, ${one.date}, ${duration(one.seconds)}; ${one.machine}.`,
    ['| figure | value | goal |', '|---|---|---|', ...one.figures.map(row)].join('\n'),
    ...list('Broken:', one.violations.slice(0, 20)),
    ...list('Not done here:', one.left ?? []),
    ...list(
      'Deliberate defects, and what the same experiment said of them:',
      one.defects.map(
        ({ name, words, caught }) =>
          `\`${name}\` (${words}): ${caught === null ? '**not caught**' : `caught: ${caught}`}`,
      ),
    ),
  ].join('\n\n');
}

const row = ({ what, value, goal }: Figure): string =>
  `| ${cell(what)} | ${cell(String(value))} | ${goal === undefined ? '' : `${cell(goal.words)}: ${goal.met ? 'met' : '**missed**'}`} |`;

const list = (head: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [head, lines.map((line) => `- ${line}`).join('\n')];

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const duration = (seconds: number): string =>
  seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
