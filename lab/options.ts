import { parseArgs } from 'node:util';
import type { Options } from './experiment.ts';

/** What a person asked `npm run lab` for. */
export interface Asked {
  /** Experiments by name; none: all. */
  readonly names: readonly string[];
  readonly size: Options['size'];
  readonly seed: number;
  readonly rounds: number | null;
  readonly workers: number;
  /** Run with this defect only; `null`: without, and a full run then tries each defect in its short form. */
  readonly defect: string | null;
  /** Leave the scratch folder where it is. */
  readonly keep: boolean;
  /** Do not try the defects, and write nothing. */
  readonly plain: boolean;
  /** Run nothing, and write the page from what was recorded. */
  readonly page: boolean;
}

/** @throws Error for a word that is not known */
export function parseAsked(words: readonly string[]): Asked {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      seed: { type: 'string' },
      rounds: { type: 'string' },
      workers: { type: 'string', default: '1' },
      defect: { type: 'string' },
      keep: { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
      page: { type: 'boolean', default: false },
    },
  });
  return {
    names: positionals,
    size: values.short ? 'short' : 'full',
    seed: values.seed === undefined ? Date.now() % 2 ** 31 : whole('seed', values.seed),
    rounds: values.rounds === undefined ? null : whole('rounds', values.rounds),
    workers: whole('workers', values.workers),
    defect: values.defect ?? null,
    keep: values.keep,
    plain: values.plain,
    page: values.page,
  };
}

function whole(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${name} is a whole number, not ${text}`);
  return number;
}
