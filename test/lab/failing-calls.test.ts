import { expect, test } from 'vitest';
import { conduct } from '../../lab/conduct.ts';
import { failingCalls } from '../../lab/failing-calls/experiment.ts';
import { noCompiler } from '../../lab/support/client/client.ts';

test.skipIf(noCompiler() !== null && !process.env['CI'])(
  'calls that fail, once and for a while, take nothing down, and all comes to its right end',
  { timeout: 240_000 },
  async () => {
    const how = { size: 'short', seed: 12, rounds: null, workers: 4, defect: null, say: () => {} } as const;
    const { violations, figures } = await conduct(failingCalls, how);
    expect(violations).toEqual([]);
    expect(Number(figures[0]?.value)).toBeGreaterThan(10);
  },
);
