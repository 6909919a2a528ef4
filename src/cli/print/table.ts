import type { InstanceStatus } from '../../core/instance-status.ts';
import { grouped, oneLine, short } from '../../observe/words/pieces.ts';
import { stateOf, stateWords } from '../../observe/words/state.ts';
import { spanWords } from '../../observe/words/time.ts';
import { nameOf } from '../pick.ts';
import { instanceRows, marks } from './instance.ts';
import type { Paint } from './paint.ts';
import { headOf, type StatusPage } from './status.ts';
import { cut, wrap } from './wrap.ts';

/** Columns and rows of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Of a client that is well, all is said in its row. */
const saidInRow = new Set(['release', 'before', 'child', 'chain']);

/** The page of `status --watch`: a row for each client, and below it what there is to say beside; never more than there is room for. */
export function statusTable(page: StatusPage, now: number, { columns, rows }: Size, paint: Paint): readonly string[] {
  const isLookedAfter = page.seen.daemon !== null;
  const cells = page.instances.map((one) => cellsOf(one, isLookedAfter, now));
  const widths = widthsFor(cells, columns);
  const head = [
    ...headOf(page, now, paint)
      .split('\n')
      .flatMap((line) => wrap(line, columns, 2).split('\n')),
    cut(summary(page, isLookedAfter), columns),
    '',
    paint('dim', cut(row(TITLES, widths), columns)),
  ];
  const body = (limit: 'whole' | 'cut' | 'none') =>
    page.instances.flatMap((one, index) => {
      const [colour, mark] = marks[stateOf(one, isLookedAfter).mood];
      const line = `${paint(colour, mark)}${cut(row(cells[index] ?? TITLES, widths), columns).slice(1)}`;
      return [line, ...notes(one, isLookedAfter, now, columns, limit, paint)];
    });
  const foot = ['', paint('dim', 'q or Ctrl-C ends')];
  const room = rows - head.length - foot.length;
  const fits = (['whole', 'cut', 'none'] as const).map(body).find((lines) => lines.length <= room);
  return [...head, ...(fits ?? tooMany(body('none'), room).map((line) => cut(line, columns))), ...foot];
}

const tooMany = (lines: readonly string[], room: number): readonly string[] => [
  ...lines.slice(0, Math.max(0, room - 1)),
  `  … and ${lines.length - Math.max(0, room - 1)} more: name a network`,
];

function summary({ instances }: StatusPage, isLookedAfter: boolean): string {
  if (instances.length === 0) return 'No client is configured yet.';
  const moods = instances.map((one) => stateOf(one, isLookedAfter).mood);
  const count = (mood: string): number => moods.filter((one) => one === mood).length;
  return [
    [count('well'), 'well'],
    [count('busy'), 'on the way or as a person wants it'],
    [count('ill'), 'to look at'],
  ]
    .filter(([figure]) => figure !== 0)
    .map(([figure, words]) => `${figure} ${words}`)
    .join(', ');
}

type Cells = readonly [client: string, state: string, release: string, up: string, chain: string];

const TITLES: Cells = ['CLIENT', 'STATE', 'RELEASE', 'UP', 'CHAIN'];

function cellsOf(i: InstanceStatus, isLookedAfter: boolean, now: number): Cells {
  const { words } = stateOf(i, isLookedAfter);
  const since = (iso: string) => spanWords(Math.max(0, now - Date.parse(iso)));
  const head = i.chain?.finalized ?? null;
  return [
    nameOf(i),
    words.replace(shortened, ''),
    i.current === null ? '–' : oneLine(i.current.version ?? short(i.current.checksum)),
    i.child === null ? '–' : since(i.child.startedAt),
    i.chain === null
      ? '–'
      : !i.chain.connected || head === null
        ? 'not connected'
        : `${grouped(head.number)}${head.at === null ? '' : `, ${since(head.at)}`}`,
  ];
}

/** In its row a state is told in a few words; why it is so is below. */
const shortened = /(: |, but ).*$/;

const GAP = 2;
const MARK = 2;

/** In which order columns give way, and down to which width. */
const shrinking = [
  [2, 12],
  [1, 18],
  [4, 7],
  [2, 7],
  [1, 6],
  [0, 8],
] as const;

/** What is too wide for all of them is taken from the release, then from the state: who it is must be readable. A column that says nothing has no width. */
function widthsFor(cells: readonly Cells[], columns: number): readonly number[] {
  const widths = TITLES.map((title, column) => {
    const saysNothing = column > 1 && cells.every((row) => row[column] === '–');
    return saysNothing ? 0 : Math.max(title.length, ...cells.map((row) => [...(row[column] ?? '')].length));
  });
  const shown = widths.filter((width) => width > 0).length;
  let excess = MARK + widths.reduce((sum, width) => sum + width, 0) + GAP * (shown - 1) - columns;
  for (const [column, least] of shrinking) {
    const given = Math.max(0, Math.min(excess, (widths[column] ?? 0) - least));
    widths[column] = (widths[column] ?? 0) - given;
    excess -= given;
  }
  return widths;
}

function row(cells: Cells, widths: readonly number[]): string {
  const texts = cells.flatMap((cell, column) => {
    const width = widths[column] ?? 0;
    return width === 0 ? [] : [cut(cell, width).padEnd(width)];
  });
  return `${' '.repeat(MARK)}${texts.join(' '.repeat(GAP))}`.trimEnd();
}

function notes(
  i: InstanceStatus,
  isLookedAfter: boolean,
  now: number,
  columns: number,
  limit: 'whole' | 'cut' | 'none',
  paint: Paint,
): readonly string[] {
  if (limit === 'none') return [];
  const words = stateWords(i, isLookedAfter);
  const why = shortened.test(words) ? [['state', words] as const] : [];
  const rows = instanceRows(i, isLookedAfter, now).filter(([label]) => !saidInRow.has(label));
  return [...why, ...rows].flatMap(([label, text]) => {
    const line = `    ${label.padEnd(9)} ${text}`;
    const lines =
      limit === 'cut'
        ? [cut(line, columns)]
        : wrap(line, columns, 14)
            .split('\n')
            .map((one) => cut(one, columns));
    return lines.map((one) => paint('dim', one));
  });
}
