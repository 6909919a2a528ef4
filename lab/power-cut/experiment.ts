import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Experiment, Options, Result } from '../experiment.ts';
import { compileClient, noCompiler } from '../support/client/client.ts';
import { type Disk, noDisk } from '../support/disk/disk.ts';
import { claim, sweepBeside, unmountAll } from '../support/disk/mounts.ts';
import { compilePower } from '../support/disk/power.ts';
import { everySeen } from '../support/moment.ts';
import { createRandom } from '../support/random.ts';
import type { Scene } from '../support/scene.ts';
import { noMachine } from './machine.ts';
import { killMachine, type Power, shutDown } from './power.ts';
import { liveThrough, type Tale } from './world.ts';

const ROUNDS = { full: 300, short: 3 };

/** To one machine that is killed come so many disks that are shut down: it takes some seconds to boot. */
const MACHINES = 15;

export const powerCut: Experiment = {
  name: 'power-cut',
  promise:
    'whenever the power is cut during an update, the disk holds the state before or after, whole bytes under their own names, and what was told to be done; and it comes to its right end',
  defects: {
    'no-fsync': {
      words: 'a record is renamed before its bytes are on the disk',
      rounds: 8,
      patches: [
        {
          file: 'store/atomic-write.js',
          from: 'if (durable)\n            await handle.sync();',
          to: '',
        },
      ],
    },
    'blob-before-bytes': {
      words: 'a verified file gets its name before its bytes are on the disk',
      rounds: 100,
      patches: [{ file: 'store/files/promote.js', from: 'await file.sync();', to: '' }],
    },
    'no-folder-sync': {
      words: 'what was saved is told before the folder is written through',
      rounds: 100,
      patches: [
        { file: 'store/atomic-write.js', from: 'if (durable)\n        await syncFolder(dirname(path));', to: '' },
      ],
    },
  },
  obstacle: async () => (await noPowerCut())?.words ?? null,
  run,
};

/** Why no power can be cut here; `lacks`: a package could help, or nothing could. */
export async function noPowerCut(): Promise<{ readonly lacks: 'package' | 'kernel'; readonly words: string } | null> {
  const words = noCompiler();
  return words === null ? noDisk('ext4') : { lacks: 'package', words };
}

async function run(options: Options): Promise<Result> {
  const { folder, seed, workers, size } = options;
  sweepBeside(folder);
  claim(folder);
  const [client, cut] = [compileClient(folder), compilePower(folder)];
  const rounds = options.rounds ?? ROUNDS[size];
  const seeds = createRandom(seed);
  try {
    const live = (name: string, share: number, power: (scene: Scene, disk: Disk) => Power): Promise<Tale> => {
      const own = join(folder, name);
      mkdirSync(own);
      return liveThrough({ folder: own, options, client, power, seed: seeds.between(1, 1_000_000), rounds: share });
    };
    const share = Math.ceil(rounds / Math.max(1, workers));
    const worlds = Array.from({ length: Math.max(1, Math.min(workers, rounds)) }, (_, n) =>
      live(`world-${n + 1}`, share, (scene, disk) => shutDown(scene, disk, cut)),
    );
    const near = await Promise.all(worlds);
    if (size === 'short') return resultOf(near, [], []);
    const lack = noMachine();
    if (lack !== null) return resultOf(near, [], [lack]);
    const kill = (scene: Scene, disk: Disk): Power => killMachine(scene, disk, options.program);
    return resultOf(near, [await live('machine', Math.ceil(rounds / MACHINES), kill)], []);
  } finally {
    unmountAll(folder);
  }
}

function resultOf(near: readonly Tale[], machines: readonly Tale[], left: readonly string[]): Result {
  const tales = [...near, ...machines];
  const cuts = tales.flatMap((tale) => tale.cuts);
  const after = (what: string): number => cuts.filter((cut) => cut.includes(`after ${what}`)).length;
  const violations = tales.flatMap((tale) => tale.violations);
  return {
    figures: [
      { what: 'power cuts', value: cuts.length },
      { what: 'of them a whole machine whose kernel was killed', value: machines.flatMap((tale) => tale.cuts).length },
      {
        what: 'of them losing all that was not written through',
        value: cuts.filter((cut) => cut.endsWith('losing all')).length,
      },
      ...everySeen.map((what) => ({ what: `cut after it was ${what}`, value: after(what) })),
      {
        what: 'lines of the history that were lost (not promised)',
        value: tales.reduce((sum, tale) => sum + tale.linesLost, 0),
      },
      { what: 'violations', value: violations.length, goal: { words: '0', met: violations.length === 0 } },
    ],
    violations,
    left,
  };
}
