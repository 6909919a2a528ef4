import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Experiment, Options, Result } from '../experiment.ts';
import { noCompiler } from '../support/client/client.ts';
import { createRandom } from '../support/random.ts';
import { crashLoop } from './crash-loop.ts';
import { sessionsOfADay } from './day.ts';
import { SHARE } from './flat.ts';
import { reconnects } from './reconnects.ts';
import { updates } from './updates.ts';

/** `rounds` takes the place of the sessions, and of the restarts where it is less. */
const sizes = {
  full: { instances: 100, health: { minHealthyTime: '2s', healthyDeadline: '12s' }, restarts: 1_000, sessions: null },
  short: { instances: 10, health: { minHealthyTime: '500ms', healthyDeadline: '3s' }, restarts: 30, sessions: 50 },
} as const;

export const loadExperiment: Experiment = {
  name: 'load',
  promise:
    'A hundred instances on one daemon are updated at once and none is given up for want of time; a client that crashes a thousand times and a day of lost connections leave nothing behind.',
  defects: {
    'kept-listener': {
      words: 'each connection leaves its listener behind',
      patches: [
        {
          file: 'chain/session/session.js',
          from: "signal.removeEventListener('abort', aborted);",
          to: '',
        },
      ],
      rounds: 600,
    },
    'kept-descriptor': {
      words: 'our copy of the descriptor of a client’s log is not closed',
      patches: [{ file: 'process/output.js', from: 'if (open)\n            closeSync(fd);', to: '' }],
    },
  },
  obstacle: async () => noCompiler(),
  run,
};

async function run({ size, seed, rounds, program, folder, signal, say }: Options): Promise<Result> {
  const { instances, health, ...sized } = sizes[size];
  const random = createRandom(seed);
  const sessions = rounds ?? sized.sessions ?? sessionsOfADay(random.fork());
  const share = SHARE[size];
  const restarts = Math.min(rounds ?? sized.restarts, sized.restarts);
  const parts = [
    async () => updates({ ...(await below('updates')), instances, health }),
    async () => crashLoop({ ...(await below('crash-loop')), restarts, share }),
    async () => reconnects({ ...(await below('reconnects')), sessions, share, random }),
  ];
  const below = async (name: string) => {
    const own = join(folder, name);
    await mkdir(own);
    return { folder: own, program, signal, say };
  };
  const results: Result[] = [];
  for (const part of parts) results.push(await part());
  return {
    figures: results.flatMap(({ figures }) => figures),
    violations: results.flatMap(({ violations }) => violations),
  };
}
