import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Experiment, Options, Result } from '../experiment.ts';
import { noCompiler } from '../support/client/client.ts';
import { createRandom } from '../support/random.ts';
import { defects } from './defects.ts';
import { disturbances } from './disturbances.ts';
import { phases } from './phases.ts';
import { playRound } from './round.ts';
import { fakeTime } from './wall.ts';

export const clockExperiment: Experiment = {
  name: 'clock',
  promise:
    'A wall clock that jumps by years, runs backwards, stands still or runs fast, and a supervisor that is paused, neither shorten nor stretch what is waited for, also over a restart.',
  defects,
  obstacle: async () => noClock(),
  run,
};

/** Why no clock can be faked here; `null`: it can. */
export const noClock = (): string | null =>
  noCompiler() ?? (fakeTime() === null ? 'libfaketime is missing (apt: faketime)' : null);

async function run(options: Options): Promise<Result> {
  const { folder, program, size, seed, workers, say, signal } = options;
  const library = fakeTime() ?? '';
  const random = createRandom(seed);
  const count = options.rounds ?? (size === 'full' ? 6 * disturbances.length : 1);
  const rounds = Array.from({ length: count }, (_, n) => ({ n, random: random.fork() }));
  const violations: string[] = [];
  let played = 0;
  const work = async () => {
    for (let next = rounds.shift(); next !== undefined && !signal.aborted; next = rounds.shift()) {
      const disturbance = disturbances[next.n % disturbances.length]!;
      const own = join(folder, `round-${next.n}`);
      await mkdir(own);
      const wrong = await playRound({ folder: own, program, library, disturbance, random: next.random });
      violations.push(...wrong.map((words) => `round ${next.n} of seed ${seed}: ${words}`));
      played += 1;
      say(`${played} of ${count}: ${disturbance.name}${wrong.length > 0 ? `: ${wrong.join('; ')}` : ''}`);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return {
    figures: [
      { what: 'rounds', value: played },
      { what: 'different disturbances of time', value: Math.min(played, disturbances.length) },
      { what: 'waits that were disturbed', value: played * phases.length },
      { what: 'restarts at another time', value: played },
      {
        what: 'waits that were too short, too long or lost',
        value: violations.length,
        goal: { words: '0', met: violations.length === 0 },
      },
    ],
    violations,
  };
}
