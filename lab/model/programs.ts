import fc from 'fast-check';
import { ownSteps, type Program, patience, type Step, sharedWords, type Word } from './words.ts';

/** Words of one run. */
export const MOST = 30;

/** So many runs that can be made at one time: what happens to all of them happens at the same place among the others. */
export function programsOf(seed: number, size: number): readonly Program[] {
  const [shared = []] = fc.sample(sharedWords(5), { seed, numRuns: 1, unbiased: true });
  const common = shared.flatMap((word) => (word.do === 'fill disk' ? [word, { do: 'free disk' } as const] : [word]));
  const parts = fc.tuple(patience, fc.array(ownSteps(most(common)), exactly(common.length + 1)));
  return fc.sample(parts, { seed: seed + 1, numRuns: size, unbiased: true }).map(([one, own]) => ({
    patience: one,
    steps: own.flatMap((steps, index) => [...steps, ...step(common[index], index)]),
  }));
}

const most = (common: readonly Word[]): number => Math.floor((MOST - common.length) / (common.length + 1));

const exactly = (length: number) => ({ minLength: length, maxLength: length });

/** After every second of them all come to rest. */
const step = (word: Word | undefined, index: number): readonly Step[] =>
  word === undefined ? [] : [{ word, before: index % 2 === 0 ? 'rest' : 'nothing' }];
