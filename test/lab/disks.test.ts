import { expect, test } from 'vitest';
import { conduct } from '../../lab/conduct.ts';
import { disks, noSmallDisk } from '../../lab/disks/experiment.ts';

const lack = await noSmallDisk();
if (lack !== null) console.warn(`no disk is filled here: ${lack.words}`);

test.skipIf(lack?.lacks === 'package' && process.env['CI'] !== 'true')(
  'on a full or read-only disk the client goes on, and all comes to its right end (needs root, a loop device and a C compiler)',
  async () => {
    expect(lack?.lacks).not.toBe('package');
    expect(await disks.obstacle('short')).toBe(lack?.words ?? null);
    if (lack !== null) return;
    const { violations, figures } = await conduct(disks, {
      size: 'short',
      seed: 6,
      rounds: null,
      workers: 1,
      defect: null,
      say: () => {},
    });
    expect(violations).toEqual([]);
    expect(figures).toContainEqual({ what: 'violations', value: 0, goal: { words: '0', met: true } });
  },
  300_000,
);
