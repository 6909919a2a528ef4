import { expect, test } from 'vitest';

import { clockExperiment, noClock } from '../../lab/clock/experiment.ts';
import { conduct } from '../../lab/conduct.ts';

const how = { size: 'short', seed: 7, workers: 1, defect: null, say: () => {} } as const;

test.skipIf(noClock() !== null && !process.env['CI'])(
  'eight waits of one daemon end neither sooner nor later when its wall clock is set back by years, and it is started again at another time',
  { timeout: 240_000 },
  async () => {
    const { violations, figures } = await conduct(clockExperiment, { ...how, rounds: 1 });
    expect(violations).toEqual([]);
    expect(figures[0]).toMatchObject({ what: 'rounds', value: 1 });
  },
);
