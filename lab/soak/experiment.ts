import { join } from 'node:path';
import type { Experiment, Options, Result } from '../experiment.ts';
import { recorded } from '../record.ts';
import { noCompiler } from '../support/client/client.ts';
import { createRandom } from '../support/random.ts';
import { addUp } from './add-up.ts';
import { soakBare } from './bare.ts';
import { defects } from './defects.ts';
import { phases } from './phase.ts';
import { sum, type Tally } from './tally.ts';
import { soak, type Worked } from './worker.ts';

/** Of whole daemons; and for each of them so many of the process room alone, which are five times as cheap. */
const KILLS = { full: 2_000, short: 25 };
const BARE = { full: 1.5, short: 0 };
const GOAL = 5_000;

/** The clients are the detectors; what the supervisors and the soak believe does not count. */
export const soakExperiment: Experiment = {
  name: 'soak',
  promise:
    'Whenever a supervisor is killed, paused or doubled, no two clients of an account live at one time, and every instance comes to its right end.',
  defects,
  obstacle: async () => noCompiler(),
  run,
};

async function run({ size, seed, rounds, workers, program, folder, signal, say }: Options): Promise<Result> {
  const kills = rounds ?? KILLS[size];
  const seeds = createRandom(seed);
  const shares = Array.from({ length: workers }, (_, n) => Math.floor(kills / workers) + (n < kills % workers ? 1 : 0));
  const works = shares.map((share, n) => ({
    folder: join(folder, `worker-${n}`),
    program,
    seed: n === 0 ? seed : seeds.between(0, 2 ** 31 - 1),
    kills: share,
    settleEvery: size === 'full' ? 50 : 25,
    patience: size === 'full' ? 240_000 : 60_000,
    signal,
    say,
  }));
  const done = await Promise.all(
    works.map(async (work) => {
      const bare = {
        ...work,
        folder: `${work.folder}-bare`,
        kills: Math.round(work.kills * BARE[size]),
        settleEvery: 100,
      };
      return [await soak(work), ...(bare.kills > 0 && !signal.aborted ? [await soakBare(bare)] : [])];
    }),
  );
  const result = report(done.flat(), size === 'short' ? kills : GOAL);
  return size === 'short' ? result : addUp(recorded(['soak'])[0] ?? null, result, seed, GOAL);
}

function report(done: readonly Worked[], wanted: number): Result {
  const violations = done.flatMap((one) => one.violations);
  const all = sum(done.map(({ tally }) => tally));
  const overlaps = violations.filter((words) => words.includes(' met another: ')).length;
  const wrong = violations.length - overlaps;
  return {
    violations,
    figures: [
      {
        what: 'kills of a supervisor (SIGKILL)',
        value: all.kills + all.bareKills,
        goal: { words: `${wanted}`, met: all.kills + all.bareKills >= wanted },
      },
      { what: 'of these, of a whole daemon', value: all.kills },
      { what: 'of these, of the process room alone (locks, eviction, spawn)', value: all.bareKills },
      { what: 'clients that met another', value: overlaps, goal: { words: '0', met: overlaps === 0 } },
      { what: 'instances looked at after a rest', value: all.settled },
      { what: 'instances or daemons that ended wrong', value: wrong, goal: { words: '0', met: wrong === 0 } },
      ...beside(all),
      ...phases.map((phase) => ({ what: `kills while ${phase}`, value: all.phases[phase] })),
    ],
  };
}

const beside = (all: Tally) => [
  { what: 'starts of a client', value: all.starts },
  { what: 'orphans that were found and ended', value: all.orphans },
  { what: 'pauses of a supervisor (SIGSTOP)', value: all.pauses },
  { what: 'releases named in between', value: all.releases },
  { what: 'edits of the args file', value: all.edits },
  { what: 'clients killed by somebody else', value: all.clientsKilled },
  { what: 'second daemons that were refused their home', value: all.refused },
  { what: 'daemons that left in time when told to stop', value: all.left },
  { what: 'starts that the client’s own pid-file guard refused (a pid used again)', value: all.guarded },
  { what: 'half-written files left behind', value: all.leftovers },
];
