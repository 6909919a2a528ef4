import { join } from 'node:path';
import type { Experiment, Options, Result } from '../experiment.ts';
import { beginChain, type Chain, chainsOf } from '../faults/chain.ts';
import { compileFaults } from '../faults/library.ts';
import { type Means, setStage } from '../faults/stage.ts';
import { compileClient, noCompiler } from '../support/client/client.ts';
import { createRandom } from '../support/random.ts';
import { defects } from './defects.ts';
import { failAt, type Outcome, type Point } from './point.ts';
import { NO_LOG, pointsOf } from './points.ts';

export const failingCalls: Experiment = {
  name: 'failing-calls',
  promise:
    'Whatever call fails, once or for a while: the daemon stays, the child serves, the state on disk is valid, and all comes to its right end when the fault is gone.',
  defects,
  obstacle: async () => noCompiler(),
  run,
};

/** So many points go through one home. */
const POINTS = 25;

/** A promise that is broken so often need not be broken more. */
const ENOUGH = 5;

interface Tally {
  readonly outcomes: { readonly point: Point; readonly outcome: Outcome }[];
  readonly violations: string[];
}

async function run(options: Options): Promise<Result> {
  const { folder, program, seed, workers, say } = options;
  const means: Means = { program, client: compileClient(folder), library: compileFaults(folder) };
  const tally: Tally = { outcomes: [], violations: [] };
  const points = await pointsOf(options, means, createRandom(seed));
  const chains = chainsOf(points, POINTS);
  say(`${points.length} points in ${chains.length} homes`);
  let begun = 0;
  const isGoingOn = () => !options.signal.aborted && tally.violations.length < ENOUGH;
  const work = async (): Promise<void> => {
    for (let next = chains.shift(); next !== undefined && isGoingOn(); next = chains.shift()) {
      begun += 1;
      const rest = await through(next, join(folder, `h${String(begun).padStart(4, '0')}`), means, tally, options);
      if (rest.length > 0) chains.unshift(rest);
      if (begun % 10 === 0)
        say(`${tally.outcomes.length} of ${points.length} points, ${tally.violations.length} violations`);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return resultOf(tally);
}

/** Answers what is left of them: after a violation, or where a release is in quarantine that the story wants, a home is not gone on with. */
async function through(
  points: readonly Point[],
  folder: string,
  means: Means,
  tally: Tally,
  { signal, seed, say }: Options,
): Promise<readonly Point[]> {
  let chain: Chain | null = null;
  let done = 0;
  let where = 'the beginning';
  const note = (wrong: readonly string[]) => {
    const found = wrong.map((words) => `${where}, seed ${seed}: ${words.slice(0, 1_500)}`);
    tally.violations.push(...found);
    for (const one of found) say(one);
  };
  try {
    chain = await beginChain(await setStage(folder, means, NO_LOG), points[0]!.story);
    for (const point of points) {
      if (signal.aborted) break;
      done += 1;
      where = `${point.story.name}, call ${point.nth} ${point.lasts ? 'and all after it fail' : 'fails'} with ${point.error}`;
      const outcome = await failAt(chain, point);
      tally.outcomes.push({ point, outcome });
      if (outcome.failed !== null && !outcome.told) say(`nothing was said: ${where}: ${outcome.failed}`);
      note(outcome.wrong.map((words) => `${outcome.failed ?? 'none'}: ${words}`));
      if (outcome.wrong.length > 0 || outcome.wentBack) break;
    }
  } catch (error) {
    note([error instanceof Error ? error.message : String(error)]);
  }
  await chain?.stage.scene.close();
  return signal.aborted ? [] : points.slice(Math.max(1, done));
}

function resultOf({ outcomes, violations }: Tally): Result {
  const failed = outcomes.filter(({ outcome }) => outcome.failed !== null);
  const lasting = failed.filter(({ point }) => point.lasts);
  const silent = new Set(
    failed.filter(({ outcome }) => !outcome.told).map(({ point, outcome }) => `${outcome.failed} ${point.error}`),
  );
  const distinct = new Set(failed.map(({ point, outcome }) => `${point.story.name} ${outcome.failed} ${point.error}`));
  return {
    figures: [
      { what: 'calls that failed once', value: failed.length - lasting.length },
      { what: 'faults that lasted', value: lasting.length },
      { what: 'different story, call and error', value: distinct.size },
      { what: 'points that were not reached', value: outcomes.length - failed.length },
      {
        what: 'children that died meanwhile and were started again',
        value: lasting.filter(({ outcome }) => outcome.restarted).length,
      },
      {
        what: 'nothing could be started for so long that the former serves, and the release is tried again later',
        value: lasting.filter(({ outcome }) => outcome.wentBack).length,
      },
      {
        what: 'the daemon ended at its own start, in words',
        value: failed.filter(({ outcome }) => outcome.endedAtStart).length,
      },
      { what: 'faults that nothing was said of', value: silent.size },
      { what: 'violations', value: violations.length, goal: { words: '0', met: violations.length === 0 } },
    ],
    violations,
  };
}
