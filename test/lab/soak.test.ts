import { expect, test } from 'vitest';
import { conduct } from '../../lab/conduct.ts';
import { addUp } from '../../lab/soak/add-up.ts';
import { soakExperiment } from '../../lab/soak/experiment.ts';
import { noCompiler } from '../../lab/support/client/client.ts';

const how = { size: 'short', seed: 4, workers: 1, defect: null, say: () => {} } as const;

// The hundred kills of CI are done by the room that they are about, which starts four times as fast: test/process/survival.test.ts.
test.skipIf(noCompiler() !== null && !process.env['CI'])(
  'real daemons killed, paused and doubled at random moments: no two clients ever meet, and all ends right',
  { timeout: 600_000 },
  async () => {
    const { violations, figures } = await conduct(soakExperiment, { ...how, rounds: 16 });
    expect(violations).toEqual([]);
    expect(figures[0]).toMatchObject({ value: 16 });
  },
);

test.skipIf(noCompiler() !== null && !process.env['CI'])(
  'with the lock and the search for the client’s mark taken out it finds overlaps',
  { timeout: 600_000 },
  async () => {
    const { violations } = await conduct(soakExperiment, { ...how, rounds: 6, defect: 'no-lock' });
    expect(violations.join('\n')).toContain(' met another: ');
  },
);

const soaked = (kills: number, met: number) => ({
  figures: [
    { what: 'kills', value: kills, goal: { words: `${kills}`, met: true } },
    { what: 'clients that met another', value: met, goal: { words: '0', met: met === 0 } },
  ],
  violations: met > 0 ? ['met'] : [],
});

test('runs of several seeds add up, with all that was broken; a seed counts once', () => {
  const one = addUp(null, soaked(1_000, 1), 7, 2_500);
  const two = addUp(one, soaked(1_500, 0), 8, 2_500);
  expect(two.figures.map(({ value }) => value)).toEqual([2_500, 1, '7, 8']);
  expect(two.figures.map(({ goal }) => goal?.met)).toEqual([true, false, undefined]);
  expect(two.violations).toEqual(['met']);
  expect(addUp(two, soaked(2_000, 0), 8, 2_500).figures[0]).toMatchObject({ value: 2_000, goal: { met: false } });
});
