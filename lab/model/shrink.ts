import fc from 'fast-check';
import { MOST } from './programs.ts';
import { type Ended, runTogether, type Surroundings } from './runs.ts';
import { allSteps } from './words.ts';

/** Milliseconds after which the smallest that was found so far is told. */
const PATIENCE = 180_000;

/** The same difference with fewer words, alone with a daemon; the run itself where it does not come again alone. */
export async function shrunk(ended: Ended, on: Surroundings): Promise<Ended> {
  let smallest = ended;
  const { patience } = ended.program;
  const property = fc.asyncProperty(allSteps(MOST), async (steps) => {
    const [one = ended] = await runTogether([{ patience, steps }], on);
    if (one.difference === null) return true;
    smallest = one;
    return false;
  });
  await fc.check(property, { examples: [[ended.done]], numRuns: 1, interruptAfterTimeLimit: PATIENCE });
  return smallest;
}
