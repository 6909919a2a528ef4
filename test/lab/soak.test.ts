import { expect, test } from 'vitest';
import { conduct } from '../../lab/conduct.ts';
import { soakExperiment } from '../../lab/soak/experiment.ts';
import { noCompiler } from '../../lab/support/client/client.ts';

const how = { size: 'short', seed: 4, workers: 1, defect: null, say: () => {} } as const;

// The hundred kills of CI are done by the room that they are about, which starts four times as fast: test/process/survival.test.ts.
test.skipIf(noCompiler() !== null && !process.env['CI'])(
  'real daemons killed, paused and doubled at random moments: no two clients ever meet, and all ends right',
  { timeout: 180_000 },
  async () => {
    const { violations, figures } = await conduct(soakExperiment, { ...how, rounds: 20 });
    expect(violations).toEqual([]);
    expect(figures[0]).toMatchObject({ value: 20 });
  },
);

test.skipIf(noCompiler() !== null && !process.env['CI'])(
  'with the lock and the search for the client’s mark taken out it finds overlaps',
  { timeout: 180_000 },
  async () => {
    const { violations } = await conduct(soakExperiment, { ...how, rounds: 8, defect: 'no-lock' });
    expect(violations.join('\n')).toContain(' met another: ');
  },
);
