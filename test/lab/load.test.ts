import { expect, test } from 'vitest';
import { conduct } from '../../lab/conduct.ts';
import type { Options } from '../../lab/experiment.ts';
import { crashLoop } from '../../lab/load/crash-loop.ts';
import { loadExperiment } from '../../lab/load/experiment.ts';
import { noCompiler } from '../../lab/support/client/client.ts';

const how = { size: 'short', seed: 5, rounds: null, workers: 1, say: () => {} } as const;

test.skipIf(noCompiler() !== null && !process.env['CI'])(
  'ten instances at once, thirty crashes and fifty lost connections leave no descriptor and no file behind',
  { timeout: 600_000 },
  async () => {
    const { violations } = await conduct(loadExperiment, { ...how, defect: null });
    expect(violations).toEqual([]);
  },
);

test.skipIf(noCompiler() !== null && !process.env['CI'])(
  'a descriptor that is not closed is found',
  { timeout: 600_000 },
  async () => {
    const crashes = {
      ...loadExperiment,
      run: (options: Options) => crashLoop({ ...options, restarts: 30, share: 0.1 }),
    };
    const { violations } = await conduct(crashes, { ...how, defect: 'kept-descriptor' });
    expect(violations.join('\n')).toMatch(/restarts: \d+ descriptors became/);
  },
);
