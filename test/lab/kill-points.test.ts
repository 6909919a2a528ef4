import { expect, test } from 'vitest';
import { conduct } from '../../lab/conduct.ts';
import { killPoints } from '../../lab/kill-points/experiment.ts';
import { noCompiler } from '../../lab/support/client/client.ts';

test.skipIf(noCompiler() !== null && !process.env['CI'])(
  'killed at forty calls over the stories, the supervisor finds before or after, and all comes to its right end',
  { timeout: 240_000 },
  async () => {
    const how = { size: 'short', seed: 11, rounds: null, workers: 3, defect: null, say: () => {} } as const;
    const { violations, figures } = await conduct(killPoints, how);
    expect(violations).toEqual([]);
    const value = (what: string) => Number(figures.find((figure) => figure.what === what)?.value);
    expect(value('deaths of the supervisor') + value('points beyond the end of their story')).toBe(40);
    expect(value('deaths of the supervisor')).toBeGreaterThan(30);
  },
);
