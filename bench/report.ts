import type { Figure, Goal, Measured, Series } from './figure.ts';
import { type Summary, summarise } from './statistics.ts';

/** A figure as a person reads it on a terminal: raw numbers, then what they mean beside each other. */
export function asText({ title }: Figure, { series, goals, notes }: Measured): string {
  const width = Math.max(...series.map(({ what }) => what.length), ...goals.map(({ what }) => what.length));
  const rows = series.map((one) => {
    const { n, min, median, max } = summarise(one.values);
    return `  ${one.what.padEnd(width)}  ${cells([`${n}`, figure(min), figure(median), figure(max)])}  ${one.unit}`;
  });
  return [
    title,
    `  ${''.padEnd(width)}  ${cells(['n', 'min', 'median', 'max'])}`,
    ...rows,
    ...goals.map((goal) => `  ${goal.what.padEnd(width)}  ${outcome(goal)}; goal ${limitOf(goal)}: ${verdict(goal)}`),
    ...notes.map((note) => `  ${note}`),
    '',
  ].join('\n');
}

export const MARKDOWN_HEAD = [
  '| command | what | measured: median (min to max, n) | beside it | outcome | goal |',
  '|---|---|---|---|---|---|',
].join('\n');

/** The same as rows of the table in docs/benchmarks.md, one for each goal. */
export function asMarkdown({ name, title }: Figure, { series, goals }: Measured): string {
  const [ours, beside] = series;
  return goals
    .map((goal, index) =>
      row([
        index === 0 ? `\`npm run bench ${name}\`` : '',
        index === 0 ? title : '',
        index === 0 ? inBrief(ours) : '',
        index === 0 ? inBrief(beside) : '',
        `${goal.what}: **${outcome(goal)}**`,
        `${limitOf(goal)}: ${verdict(goal)}`,
      ]),
    )
    .join('\n');
}

function inBrief(series: Series | undefined): string {
  if (series === undefined) return '';
  const { n, min, median, max }: Summary = summarise(series.values);
  return `${series.what}: ${figure(median)} ${series.unit} (${figure(min)} to ${figure(max)}, ${n})`;
}

const row = (columns: readonly string[]): string =>
  `| ${columns.map((column) => column.replaceAll('|', '\\|')).join(' | ')} |`;

function verdict({ value, limit, unit }: Goal): string {
  return value <= limit ? 'met' : `missed by ${figure(value - limit)} ${unit}`;
}

const outcome = ({ value, unit }: Goal): string => `${figure(value)} ${unit}`;

const limitOf = ({ limit, unit }: Goal): string => `≤ ${limit} ${unit}`;

const figure = (value: number): string => (Math.abs(value) < 100 ? value.toFixed(2) : value.toFixed(0));

const cells = (texts: readonly string[]): string => texts.map((text) => text.padStart(8)).join('');
