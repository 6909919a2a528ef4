import { expect, test } from 'vitest';
import { conduct } from '../../lab/conduct.ts';
import { noCompiler } from '../../lab/support/client/client.ts';
import { takeover } from '../../lab/takeover/experiment.ts';

const how = { size: 'short', seed: 9, rounds: 1, workers: 1, defect: null, say: () => {} } as const;

// That it notices when a means is taken out is a part of the full run: docs/reliability.md.
test.skipIf(noCompiler() !== null && !process.env['CI'])(
  'whoever else runs the client, nothing is started beside it, the operator reads why, and it starts when that one has gone',
  { timeout: 600_000 },
  async () => {
    const { violations, figures } = await conduct(takeover, how);
    expect(violations).toEqual([]);
    expect(figures).toContainEqual({
      what: 'clients that met another',
      value: 0,
      goal: { words: '0', met: true },
    });
  },
);
