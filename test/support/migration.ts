import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Line } from '../../demo/journal.ts';
import type { World } from './world.ts';

export const PLACE = 'kintsugi/vault';

/** Where the client of a world has its data, its database among them. */
export const databaseOf = ({ home }: World): string => join(home, 'instances', PLACE, 'data', 'db');
export const backupsOf = ({ home }: World): string => join(home, 'instances', PLACE, 'backups');

/**
 * Writes a migration as a shell script and says what a manifest says of it. It is its own detector: it fails on data with which another one had begun,
 * and tells when it ran. `body`: what it does between the two, in the folder of the data.
 */
export async function writeMigration(world: World, name: string, body: string): Promise<object> {
  const path = join(world.folder, `${name}.sh`);
  const text = `#!/bin/sh
[ -e begun ] && { echo 'another one had begun here'; echo half >> '${runsOf(world)}'; exit 9; }
echo "from $VAULTVISOR_FROM to $VAULTVISOR_TO in $VAULTVISOR_DATA_DIR"
: > begun
echo "start $(date +%s%N)" >> '${runsOf(world)}'
${body}
rm begun
echo "end $(date +%s%N)" >> '${runsOf(world)}'
`;
  await writeFile(path, text);
  const checksum = `0x${createHash('sha256').update(text).digest('hex')}`;
  return { kind: 'data', checksum, uri: `file://${path}` };
}

const runsOf = ({ folder }: World): string => join(folder, 'migrations.txt');

/** What the migrations told: each `start` and `end` with its time in milliseconds, and `half` for one that found data with which another had begun. */
export async function migrationsOf(world: World): Promise<readonly { readonly what: string; readonly at: number }[]> {
  const text = await readFile(runsOf(world), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => ({ what: line.split(' ')[0] ?? '', at: Number(line.split(' ')[1] ?? 0) / 1e6 }));
}

/** What a client did between a migration's beginning and its end, by the words of both. */
export async function servedMeanwhile(world: World): Promise<readonly Line[]> {
  const told = await migrationsOf(world);
  const journal = await world.journal();
  return told.flatMap(({ what, at }, index) => {
    const end = told[index + 1];
    return what === 'start' && end?.what === 'end' ? journal.filter((line) => line.at > at && line.at < end.at) : [];
  });
}
