import type { Release } from '../../core/release.ts';
import { grouped, oneLine, redeemWords, releaseWords } from '../../observe/words/pieces.ts';
import type { Expectation } from '../check/expect.ts';
import { nameOf } from '../pick.ts';
import type { Paint } from './paint.ts';
import { termsWords } from './terms.ts';
import { wrap } from './wrap.ts';

/** What the sources name, what runs, and what would happen: a block for each client. */
export function checkPage(all: readonly Expectation[], paint: Paint, width = Number.POSITIVE_INFINITY): string {
  if (all.length === 0) return 'No client is configured yet.';
  return all.map((one) => block(one, paint, width)).join('\n\n');
}

function block(one: Expectation, paint: Paint, width: number): string {
  const rows = [
    ['names', named(one)],
    ...(one.because === null ? [] : [['because', oneLine(one.because)] as const]),
    ...terms(one.source.current),
    ...pending(one),
    ['runs', running(one)],
    ...(one.redeem === null ? [] : [['redeem', redeemWords(one.redeem, Date.now())] as const]),
    ['would', oneLine(one.would)],
    ...one.bring.map((words) => ['comes', `with ${oneLine(words)}`] as const),
  ] as const;
  const lines = rows.map(([label, text]) => wrap(`    ${paint('dim', label.padEnd(9))} ${text}`, width, 14));
  return [paint('bold', nameOf(one)), ...lines].join('\n');
}

function named({ source: { current, block: at, specVersion, trouble } }: Expectation): string {
  if (trouble !== null) return `unknown: ${oneLine(trouble)}`;
  const where = at === null ? '' : `, at finalised block ${grouped(at.number)}`;
  const runtime = specVersion === null ? '' : `, runtime ${specVersion}`;
  return `${current === null ? 'no release' : releaseWords(current)}${where}${runtime}`;
}

type Row = readonly [label: string, text: string];

const pending = ({ source }: Expectation): readonly Row[] =>
  source.pending === null
    ? []
    : [['pending', `${releaseWords(source.pending)}, with the next runtime`], ...terms(source.pending)];

const terms = (release: Release | null): readonly Row[] =>
  release === null ? [] : termsWords(release).map((words) => ['', words] as const);

function running({ runs }: Expectation): string {
  if (runs === null) return 'nothing yet';
  return `${releaseWords(runs)}${runs.phase === 'probation' ? ', not committed' : ''}, by the state on disk`;
}
