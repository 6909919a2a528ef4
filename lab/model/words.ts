import fc from 'fast-check';
import { type Edit, edits, type Patience, type Release, releases } from './model.ts';

/** What may happen to a client, in the words in which a failing run is told. */
export type Word =
  | { readonly do: 'publish' | 'pend' | 'break'; readonly release: Release }
  | { readonly do: 'pin'; readonly release: Release; readonly forever: boolean }
  | { readonly do: 'edit'; readonly edit: Edit }
  | { readonly do: 'withdraw' | 'upgrade' | 'fix' | 'remove' | 'kill child' }
  | { readonly do: 'hold' | 'unhold' | 'stop' | 'start' | 'restart' | 'rollback' | 'retry' | 'unpin' }
  | { readonly do: Shared };

/** What happens to all clients of a daemon at once. */
export const shared = [
  ...(['kill daemon', 'restart daemon', 'apply --allow-remove', 'garble'] as const),
  ...(['fill disk', 'free disk'] as const),
] as const;
export type Shared = (typeof shared)[number];

/** A word of a run. `before`: what the next one waits for: that it came to rest, a moment, or nothing. */
export interface Step {
  readonly word: Word;
  readonly before: 'rest' | 'moment' | 'nothing';
}

export interface Program {
  readonly patience: Patience;
  readonly steps: readonly Step[];
}

const marks = { rest: '', moment: ' ~', nothing: ' !' } as const;

/** `publish a`, `pin b forever`; ` ~`: the next comes a moment later, ` !`: at once. */
export const written = ({ word, before }: Step): string => `${inWords(word)}${marks[before]}`;

export function inWords(word: Word): string {
  switch (word.do) {
    case 'publish':
    case 'pend':
    case 'break':
      return `${word.do} ${word.release}`;
    case 'pin':
      return `pin ${word.release}${word.forever ? ' forever' : ''}`;
    case 'edit':
      return `edit ${word.edit}`;
    default:
      return word.do;
  }
}

const served = ['a', 'b', 'c'] as const;

const publish: readonly Word[] = releases.map((release) => ({ do: 'publish', release }));
const well: readonly Word[] = served.map((release) => ({ do: 'publish', release }));
const pending: readonly Word[] = [...served, 'crash' as const].map((release) => ({ do: 'pend', release }));
const broken: readonly Word[] = served.map((release) => ({ do: 'break', release }));
const edit: readonly Word[] = edits.map((one) => ({ do: 'edit', edit: one }));
const pins: readonly Word[] = [
  ...(['a', 'b', 'c', 'crash'] as const).map((release) => ({ do: 'pin', release, forever: false }) as const),
  { do: 'pin', release: 'a', forever: true },
];
const simple = (...words: Extract<Word, { do: string }>['do'][]): readonly Word[] =>
  words.map((word) => ({ do: word }) as Word);

/** How often each comes. */
const own: readonly (readonly [number, readonly Word[]])[] = [
  [10, well],
  [6, publish],
  [3, pending],
  [3, simple('upgrade')],
  [4, broken],
  [3, simple('fix')],
  [4, simple('kill child')],
  [5, edit],
  [2, simple('remove', 'withdraw')],
  [7, simple('stop', 'start', 'start', 'restart', 'hold', 'unhold', 'unhold')],
  [6, simple('rollback', 'retry', 'unpin')],
  [3, pins],
];
const ofAll: readonly (readonly [number, readonly Word[]])[] = [
  [4, simple('kill daemon')],
  [1, simple('restart daemon')],
  [1, simple('garble')],
  [2, simple('apply --allow-remove')],
  [1, simple('fill disk')],
];

const weighted = (words: typeof own) =>
  fc.oneof(...words.map(([weight, some]) => ({ weight, arbitrary: fc.constantFrom(...some) })));

const before = fc.constantFrom<Step['before']>('rest', 'rest', 'rest', 'moment', 'nothing');

export const ownSteps = (most: number): fc.Arbitrary<readonly Step[]> => stepsOf(weighted(own), most);

/** Of one run alone: whatever happens to the daemon stands among its own. */
export const allSteps = (most: number): fc.Arbitrary<readonly Step[]> =>
  stepsOf(fc.oneof(weighted(own), weighted([...ofAll, [1, simple('free disk')]])), most);

const stepsOf = (word: fc.Arbitrary<Word>, most: number) =>
  fc.array(fc.record({ word, before }), { minLength: 0, maxLength: most, size: 'max' });

export const sharedWords = (most: number): fc.Arbitrary<readonly Word[]> =>
  fc.array(weighted(ofAll), { minLength: 0, maxLength: most, size: 'max' });

export const patience: fc.Arbitrary<Patience> = fc.record({
  source: fc.constantFrom('manifest', 'chain'),
  exits: fc.constantFrom(2, 3),
  keep: fc.constantFrom(1, 0, 2),
  window: fc.boolean(),
  final: fc.boolean(),
  allowDowngrade: fc.constantFrom(true, true, false),
});

const vocabulary = new Map(
  [...own, ...ofAll, [1, simple('free disk')] as const]
    .flatMap(([, some]) => some)
    .map((word) => [inWords(word), word]),
);

/** @throws Error for a word that is none */
export function stepOf(text: string): Step {
  const [, words = '', mark = ''] = /^(.*?)( [~!])?$/.exec(text.trim()) ?? [];
  const word = vocabulary.get(words);
  if (word === undefined) throw new Error(`${words} is no word of a run`);
  return { word, before: mark === ' ~' ? 'moment' : mark === ' !' ? 'nothing' : 'rest' };
}
