import { join } from 'node:path';
import type { Experiment, Figure, Options, Result } from '../experiment.ts';
import { pointOf } from '../faults/call.ts';
import { beginChain, type Chain, chainsOf } from '../faults/chain.ts';
import { type Completeness, countTwice, noStrace } from '../faults/completeness.ts';
import { callsOf } from '../faults/count.ts';
import { compileFaults } from '../faults/library.ts';
import { CLASSES } from '../faults/page.ts';
import { type Means, setStage } from '../faults/stage.ts';
import { migrations, type Story, stories } from '../faults/stories.ts';
import { compileClient, noCompiler } from '../support/client/client.ts';
import { createRandom, type Random } from '../support/random.ts';
import { defects } from './defects.ts';
import { dieAt, endChain, type Point } from './point.ts';

export const killPoints: Experiment = {
  name: 'kill-points',
  promise:
    'Killed at any call that changes the world, the supervisor finds a state that is either before or after, and what was begun comes to its right end.',
  defects,
  obstacle: async () => noCompiler(),
  run,
};

/** How many calls more than counted are tried: no run is exactly as long as another. */
const MARGIN = 8;
/** A home sees so many deaths before it is swept, looked over and left for a new one. */
const DEATHS = 12;
const SAMPLE = 40;

/** A promise that is broken so often need not be broken more. */
const ENOUGH = 5;

interface Tally {
  readonly seen: Map<Story, Set<string>>;
  readonly died: Map<Story, Set<string>>;
  deaths: number;
  over: number;
  damaged: number;
  readonly violations: string[];
}

async function run(options: Options): Promise<Result> {
  const { folder, program, size, seed, workers, say } = options;
  const means: Means = { program, client: compileClient(folder), library: compileFaults(folder) };
  const random = createRandom(seed);
  const tally: Tally = { seen: new Map(), died: new Map(), deaths: 0, over: 0, damaged: 0, violations: [] };
  const points = await pointsOf(options, means, tally, random);
  const chains = chainsOf(points, DEATHS);
  say(`${points.length} points in ${chains.length} homes`);
  let begun = 0;
  const isGoingOn = () => !options.signal.aborted && tally.violations.length < ENOUGH;
  const work = async (): Promise<void> => {
    for (let next = chains.shift(); next !== undefined && isGoingOn(); next = chains.shift()) {
      begun += 1;
      await through(next, join(folder, `h${String(begun).padStart(4, '0')}`), means, tally, random.fork(), options);
      if (begun % 10 === 0)
        say(`${tally.deaths} deaths, ${chains.length} homes to go, ${tally.violations.length} violations`);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  const result = resultOf(tally, size === 'full' && options.rounds === null);
  if (size === 'short' || options.signal.aborted) return result;
  const lack = noStrace();
  if (lack !== null) return { ...result, left: [lack] };
  return { ...result, figures: [...result.figures, completeness(await countTwice(folder, means))] };
}

function completeness({ counted, differences }: Completeness): Figure {
  return {
    what: `of ${counted} calls of a first start and an update, those that strace counts otherwise`,
    value: differences.length === 0 ? 0 : differences.join('; '),
    goal: { words: '0', met: differences.length === 0 },
  };
}

/** Every call of every story, once; or a sample of them, drawn by the seed. */
async function pointsOf(
  { folder, size, rounds, say }: Options,
  means: Means,
  { seen }: Tally,
  random: Random,
): Promise<readonly Point[]> {
  const all: Point[] = [];
  for (const [index, story] of [...stories, ...migrations].entries()) {
    const stage = await setStage(join(folder, `count${index}`), means);
    const calls = await callsOf(stage, story, CLASSES.change);
    await stage.scene.close();
    seen.set(story, new Set(calls.map(pointOf)));
    say(`${story.name}: ${calls.length} calls, ${seen.get(story)?.size} different ones`);
    for (let nth = 1; nth <= calls.length + (size === 'full' ? MARGIN : 0); nth += 1)
      all.push({ story, nth, mode: random.chance(0.5) ? 'kill before' : 'kill after' });
  }
  const most = rounds ?? (size === 'full' ? all.length : SAMPLE);
  const drawn = all
    .map((point) => ({ point, lot: random.next() }))
    .sort((a, b) => a.lot - b.lot)
    .slice(0, most);
  const chosen = new Set(drawn.map(({ point }) => point));
  return all.filter((point) => chosen.has(point));
}

async function through(
  points: readonly Point[],
  folder: string,
  means: Means,
  tally: Tally,
  random: Random,
  { signal, seed, say }: Options,
): Promise<void> {
  let chain: Chain | null = null;
  let last = points[0]!;
  const note = (wrong: readonly string[]) => {
    const where = `${last.story.name}, ${last.mode} call ${last.nth}, seed ${seed}`;
    const found = wrong.map((words) => `${where}: ${words.slice(0, 1_500)}`);
    tally.violations.push(...found);
    for (const one of found) say(one);
  };
  try {
    chain = await beginChain(await setStage(folder, means), last.story);
    for (const point of points) {
      if (signal.aborted) return;
      last = point;
      const { died, damaged, wrong } = await dieAt(chain, point, random);
      note(wrong.map((words) => `${died ?? 'survived'}: ${words}`));
      tally.damaged += damaged ? 1 : 0;
      if (died === null) tally.over += 1;
      else {
        tally.deaths += 1;
        tally.died.set(point.story, (tally.died.get(point.story) ?? new Set()).add(died));
      }
      if (wrong.length > 0) break;
    }
    note(await endChain(chain));
  } catch (error) {
    note([error instanceof Error ? error.message : String(error)]);
    await chain?.stage.scene.close();
  }
}

function resultOf({ seen, died, deaths, over, damaged, violations }: Tally, isAll: boolean): Result {
  const missed = [...seen].flatMap(([story, names]) =>
    [...names].filter((name) => !died.get(story)?.has(name)).map((name) => `${story.name}: ${name}`),
  );
  const all = [...seen.values()].reduce((sum, names) => sum + names.size, 0);
  return {
    figures: [
      { what: 'deaths of the supervisor', value: deaths },
      { what: 'points beyond the end of their story', value: over },
      { what: 'programs damaged on disk after a death', value: damaged },
      ...[...seen].map(([story, names]) => ({
        what: `${story.name}: different calls, and those at which it died`,
        value: `${names.size}, ${[...names].filter((name) => died.get(story)?.has(name)).length}`,
      })),
      ...(isAll
        ? [
            {
              what: 'different calls at which it did not die',
              value: missed.length === 0 ? 0 : `${missed.length} of ${all}: ${missed.join(', ')}`,
              goal: { words: '0', met: missed.length === 0 },
            },
          ]
        : []),
      { what: 'violations', value: violations.length, goal: { words: '0', met: violations.length === 0 } },
    ],
    violations,
  };
}
