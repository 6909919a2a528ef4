import type { Experiment, Figure, Options, Result } from '../experiment.ts';
import { recorded } from '../record.ts';
import { addUp } from '../soak/add-up.ts';
import { compileClient, noCompiler } from '../support/client/client.ts';
import { noDisk } from '../support/disk/disk.ts';
import { claim, sweepBeside, unmountAll } from '../support/disk/mounts.ts';
import { createRandom } from '../support/random.ts';
import { defects } from './defects.ts';
import { programsOf } from './programs.ts';
import { withoutDecoding } from './quicker.ts';
import { type Ended, inWords, runTogether, type Surroundings } from './runs.ts';
import { shrunk } from './shrink.ts';

/** Runs in all, and those that share a daemon. */
const RUNS = { full: 1_000, short: 8 };
const TOGETHER = { full: 30, short: 8 };

/** More differences than these tell nothing more. */
const ENOUGH = { full: 5, short: 1 };

export const modelExperiment: Experiment = {
  name: 'model',
  promise:
    'whatever is published, edited, said, broken or killed, in whatever order and haste, the product comes to rest where a model of its rules says, and is never where nothing leads',
  defects,
  obstacle: async () => noCompiler(),
  run,
};

async function run(options: Options): Promise<Result> {
  const { folder, program, size, seed, workers, signal, say } = options;
  sweepBeside(folder);
  claim(folder);
  const noSmall = await noDisk('tmpfs');
  withoutDecoding(program);
  const on: Surroundings = { folder, program, client: compileClient(folder), small: noSmall === null };
  const seeds = createRandom(seed);
  const wanted = options.rounds ?? RUNS[size];
  const ended: Ended[] = [];
  try {
    while (ended.length < wanted && differing(ended).length < ENOUGH[size] && !signal.aborted) {
      const sizes = shares(wanted - ended.length, TOGETHER[size], workers);
      const fleets = sizes.map((many) => runTogether(programsOf(seeds.between(1, 2 ** 31 - 1), many), on));
      ended.push(...(await Promise.all(fleets)).flat());
      say(`${ended.length} runs, ${differing(ended).length} of them otherwise than the model`);
    }
    const told = size === 'short' ? differing(ended) : await eachShrunk(differing(ended), on, say);
    const violations = told.map((one) => `seed ${seed}: ${inWords(one)}`);
    const fresh: Result = { figures: figuresOf(ended), violations };
    const left = noSmall === null ? [] : [`no disk was filled: ${noSmall.words}`];
    return size === 'short' ? fresh : { ...addUp(recorded(['model'])[0] ?? null, fresh, seed, RUNS.full), left };
  } finally {
    unmountAll(folder);
  }
}

/** How many runs each of the daemons gets that work at one time. */
const shares = (left: number, most: number, workers: number): readonly number[] =>
  Array.from({ length: workers }, (_, n) => Math.min(most, left - n * most)).filter((many) => many > 0);

const differing = (ended: readonly Ended[]): readonly Ended[] => ended.filter(({ difference }) => difference !== null);

async function eachShrunk(all: readonly Ended[], on: Surroundings, say: Options['say']): Promise<readonly Ended[]> {
  const smallest: Ended[] = [];
  for (const one of all) {
    say(`differs: ${inWords(one)}`);
    smallest.push(await shrunk(one, on));
  }
  return smallest;
}

const upgrades = ({ program: { patience }, done }: Ended): number =>
  patience.source === 'chain' ? done.filter(({ word }) => word.do === 'upgrade').length : 0;

function figuresOf(ended: readonly Ended[]): readonly Figure[] {
  const sum = (of: (one: Ended) => number): number => ended.reduce((total, one) => total + of(one), 0);
  const words = (what: string): number => sum(({ done }) => done.filter(({ word }) => word.do === what).length);
  const differences = differing(ended).length;
  return [
    { what: 'runs', value: ended.length, goal: { words: `${RUNS.full}`, met: ended.length >= RUNS.full } },
    { what: 'commands', value: sum(({ done }) => done.length) },
    { what: 'of them not waited for', value: sum(({ done }) => done.filter(({ before }) => before !== 'rest').length) },
    { what: 'of the runs on a chain', value: sum(({ program }) => Number(program.patience.source === 'chain')) },
    { what: 'upgrades of their runtime', value: sum(upgrades) },
    { what: 'clients that saw their daemon killed', value: words('kill daemon') },
    { what: 'clients that saw their disk full', value: words('fill disk') },
    { what: 'comparisons at rest', value: sum(({ rests }) => rests) },
    { what: 'comparisons on the way', value: sum(({ sights }) => sights) },
    { what: 'differences', value: differences, goal: { words: '0', met: differences === 0 } },
  ];
}
