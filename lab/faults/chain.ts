import { prepare } from './count.ts';
import type { Life, Stage } from './stage.ts';
import type { Story } from './stories.ts';

/** A home with its daemon, through several points: `null` where the next story begins with none. */
export interface Chain {
  readonly stage: Stage;
  life: Life | null;
}

export const beginChain = async (stage: Stage, story: Story): Promise<Chain> => ({
  stage,
  life: await prepare(stage, story),
});

/** Points of one story go through one home, at most so many; those of a new home have one each. */
export function chainsOf<P extends { readonly story: Story }>(points: readonly P[], most: number): (readonly P[])[] {
  const chains: P[][] = [];
  for (const point of points) {
    const last = chains.at(-1);
    const fits = last !== undefined && last[0]?.story === point.story && !point.story.isOfNewHome && last.length < most;
    if (fits) last.push(point);
    else chains.push([point]);
  }
  return chains;
}
