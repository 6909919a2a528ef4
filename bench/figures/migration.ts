import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDisk, noDisk } from '../../lab/support/disk/disk.ts';
import { unmountAll } from '../../lab/support/disk/mounts.ts';
import { makeDatabase } from '../../test/support/database.ts';
import { clock, lastGap } from '../client/journal.ts';
import type { Figure } from '../figure.ts';
import { followManifest, nameRelease, PLACE } from '../manifest.ts';
import type { Scene } from '../scene.ts';
import { median } from '../statistics.ts';

const MIB = 2 ** 20;
const DATABASE = 300;
const UPDATES = 5;

/** Old backups are swept and new ones hashed after a commit: that is not to fall into the next update. */
const QUIET = 4_000;

/** The same bytes, copied and on the disk. */
const COPY = 'cp -a "$0" "$1" && sync -f "$1"';

export const migration: Figure = {
  name: 'migration',
  title: `Downtime of an update that migrates a LevelDB of ${DATABASE} MiB, backup and all: old client's last word to new client's first`,
  async measure(scene) {
    const copied = await onDisk('ext4', scene);
    const shared = await onDisk('btrfs', scene);
    return {
      series: [
        { what: 'copied (ext4)', unit: 'ms', values: copied.ours },
        { what: '`cp -a DIR TO; sync -f TO` (ext4)', unit: 'ms', values: copied.beside },
        { what: 'blocks shared (btrfs)', unit: 'ms', values: shared.ours },
        { what: '`cp -a DIR TO; sync -f TO` (btrfs)', unit: 'ms', values: shared.beside },
      ],
      goals: [
        {
          what: 'copied, against the copy alone',
          value: median(copied.ours) / median(copied.beside),
          limit: 2,
          unit: '×',
        },
        { what: 'blocks shared, median', value: median(shared.ours), limit: 1_000, unit: 'ms' },
      ],
      notes: [
        scene.client.words,
        'Alternating, the disk synced before each, on loop devices; the migration itself writes one byte in place, so what is measured is everything around it.',
      ],
    };
  },
};

interface Downtimes {
  readonly ours: readonly number[];
  readonly beside: readonly number[];
}

async function onDisk(kind: 'ext4' | 'btrfs', scene: Scene): Promise<Downtimes> {
  const lack = await noDisk(kind);
  if (lack !== null) throw new Error(lack.words);
  const at = join(scene.folder, kind);
  scene.owns(() => unmountAll(scene.folder));
  makeDisk({ at, image: `${at}.image`, kind, bytes: 8 * DATABASE * MIB }).mount();
  const dir = join(at, 'vault', 'db');
  await mkdir(dir, { recursive: true });
  await makeDatabase(dir, DATABASE);
  await followManifest(scene, { data: { dir, backupDir: join(at, 'backups'), keep: 0 } });
  const from = kind === 'ext4' ? 0 : 100;
  const first = await nameRelease(scene, from);
  scene.start();
  await scene.committed(PLACE, first);
  const ours: number[] = [];
  const beside: number[] = [];
  for (let number = from + 1; number <= from + UPDATES; number += 1) {
    await sleep(QUIET);
    execFileSync('sync');
    await scene.committed(
      PLACE,
      await nameRelease(scene, number, { migrations: [await writeMigration(scene, number)] }),
    );
    ours.push(lastGap(scene.journal(PLACE)));
    await sleep(QUIET);
    beside.push(await copyOnce(dir, join(at, 'copy')));
  }
  await scene.stop();
  return { ours, beside };
}

async function copyOnce(dir: string, to: string): Promise<number> {
  execFileSync('sync');
  const began = clock();
  execFileSync('sh', ['-c', COPY, dir, to]);
  const took = clock() - began;
  await rm(to, { recursive: true });
  return took;
}

/** Another for each update: what the data have seen is not run again. */
async function writeMigration(scene: Scene, number: number): Promise<object> {
  const path = join(scene.folder, `migrate-${number}`);
  const text = `#!/bin/sh\n# ${number}\nfor table in *.ldb; do printf x | dd of="$table" bs=1 count=1 seek=100 conv=notrunc status=none; exit; done\n`;
  await writeFile(path, text);
  return { kind: 'data', checksum: createHash('sha256').update(text).digest('hex'), uri: `file://${path}` };
}
