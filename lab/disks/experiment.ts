import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment, Options, Result } from '../experiment.ts';
import { compileClient, noCompiler } from '../support/client/client.ts';
import { type FileSystem, noDisk } from '../support/disk/disk.ts';
import { claim, sweepBeside, unmountAll } from '../support/disk/mounts.ts';
import { createRandom } from '../support/random.ts';
import { type Flood, flood } from './flood.ts';
import { liveThrough, type Tale } from './world.ts';

const ROUNDS = { full: 120, short: 2 };

const systems: readonly FileSystem[] = ['ext4', 'tmpfs', 'btrfs'];

export const disks: Experiment = {
  name: 'disks',
  promise:
    'on a disk that is full, read-only or over its quota the client goes on or is started again, nothing is told to be done that is not, and all comes to its right end when there is room',
  defects: {
    'save-swallowed': {
      words: 'a state that could not be saved is taken for saved',
      rounds: 40,
      patches: [{ file: 'daemon/controller.js', from: 'return isSaved ? null : error;', to: 'return null;' }],
    },
    'restart-needs-save': {
      words: 'a crashed client is started again only when its exit is saved',
      rounds: 40,
      patches: [
        {
          file: 'daemon/controller.js',
          from: '(unsaved(before, event, after) ?? before)',
          to: 'before',
        },
      ],
    },
  },
  obstacle: async () => (await noSmallDisk())?.words ?? null,
  run,
};

/** Why there are no small disks here; `lacks`: a package could help, or nothing could. */
export async function noSmallDisk(): ReturnType<typeof noDisk> {
  const words = noCompiler();
  return words === null ? noDisk('ext4') : { lacks: 'package', words };
}

async function run(options: Options): Promise<Result> {
  const { folder, seed, size } = options;
  sweepBeside(folder);
  claim(folder);
  const client = compileClient(folder);
  const rounds = options.rounds ?? ROUNDS[size];
  const seeds = createRandom(seed);
  const [tales, left]: [Tale[], string[]] = [[], []];
  try {
    for (const kind of size === 'short' ? (['ext4'] as const) : systems) {
      const lack = await noDisk(kind);
      if (lack !== null) {
        left.push(lack.words);
        continue;
      }
      const own = join(folder, kind);
      mkdirSync(own);
      const share = kind === 'ext4' ? rounds : Math.ceil(rounds / 4);
      tales.push(
        await liveThrough({ folder: own, options, client, kind, seed: seeds.between(1, 1_000_000), rounds: share }),
      );
    }
    const own = join(folder, 'flood');
    mkdirSync(own);
    return resultOf(tales, left, await flood(own, options, client));
  } finally {
    unmountAll(folder);
  }
}

function resultOf(tales: readonly Tale[], left: readonly string[], flooded: Flood): Result {
  const rounds = tales.flatMap((tale) => tale.rounds);
  const count = (what: string): number => rounds.filter((round) => round.includes(what)).length;
  const violations = [...tales.flatMap((tale) => tale.violations), ...flooded.violations];
  const kinds = ['full', 'no inodes', 'over quota', 'read-only'];
  const incidents = ['the client crashes', 'the supervisor is killed', 'a person asks'];
  return {
    figures: [
      ...kinds.map((kind) => ({ what: `the disk was ${kind}`, value: count(`, ${kind} `) })),
      ...incidents.map((incident) => ({ what: `meanwhile ${incident}`, value: count(incident) })),
      { what: 'MiB that the logs of a client took that writes as fast as it can (the caps: 64)', value: flooded.most },
      { what: 'violations', value: violations.length, goal: { words: '0', met: violations.length === 0 } },
    ],
    violations,
    left,
  };
}
