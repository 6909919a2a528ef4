import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClientConfig, DataConfig } from '../../config/settings.ts';
import { reflink } from '../../data/copy-file.ts';
import { requirePlace } from '../../data/place.ts';
import { hasRoom } from '../../data/space.ts';
import { lookAtTree } from '../../data/tree.ts';
import { VisorError } from '../../errors.ts';
import { isExcluding } from '../../process/locks/exclusion.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { nameOf, type Patient } from '../patient.ts';
import { mayActAs } from '../who.ts';
import { mebibytes } from '../words.ts';
import { nearest } from './places.ts';

type WithData = ClientConfig & { readonly data: DataConfig };
const withData = ({ clients }: Patient): readonly WithData[] =>
  clients.flatMap((client) => (client.data === null ? [] : [{ ...client, data: client.data }]));

const nothing = 'No client says where its data lie (data.dir).';

/** Whether the data could be backed up and put back, and whether a backup fits. */
export const dataPlace = check(
  'data-place',
  async (patient, signal) =>
    Promise.all(
      withData(patient).map(async (client) => ({ client, wrong: await wrongWith(client.data, patient, signal) })),
    ),
  (seen) => {
    if (seen.length === 0) return skipped(nothing);
    const complaints = seen.flatMap(({ client, wrong }): Complaint[] =>
      wrong === null
        ? []
        : [
            {
              severity: wrong.isLater ? 'note' : 'error',
              about: nameOf(client),
              sentence: `${wrong.words}.`,
              fix: wrong.next,
            },
          ],
    );
    return verdict(complaints, 'The data can be backed up and put back.');
  },
);

async function wrongWith(
  data: DataConfig,
  { home }: Patient,
  signal: AbortSignal,
): Promise<{ words: string; next: string; isLater: boolean } | null> {
  if (home === null) return null;
  if (!existsSync(data.dir))
    return {
      words: `data.dir, ${data.dir}, is not there yet`,
      next: 'A client that never ran makes it. If this one has, correct data.dir.',
      isLater: true,
    };
  try {
    const real = await requirePlace({
      dir: data.dir,
      backups: data.backups,
      store: home.store.verified,
      isLocal: isExcluding,
    });
    const { bytes } = await lookAtTree(real, signal);
    if ((await canShare(data)) || (await hasRoom(nearest(data.backups), bytes))) return null;
    return {
      words: `a backup of the data takes ${mebibytes(bytes)}, and ${data.backups} has no room for it`,
      next: 'Make room there, or have data.backupDir name a larger disk.',
      isLater: false,
    };
  } catch (error) {
    if (error instanceof VisorError) return { words: error.message, next: error.next, isLater: false };
    throw error;
  }
}

/** Whether a backup costs no time: blocks that are shared are not copied while the client is down. */
export const shares = check(
  'data-reflink',
  async (patient) => {
    if (!(await mayActAs(patient))) return null;
    const named = withData(patient);
    const there = named.filter(({ data }) => existsSync(data.dir));
    const seen = await Promise.all(there.map(async (client) => ({ client, isShared: await canShare(client.data) })));
    return { isNamed: named.length > 0, seen };
  },
  (tried) => {
    if (tried === null) return skipped('Only root and the user of the daemon can try it.');
    const { isNamed, seen } = tried;
    if (seen.length === 0) return skipped(isNamed ? 'No client has data yet.' : nothing);
    const complaints = seen.flatMap(({ client, isShared }): Complaint[] => {
      const sentence = `A backup of the data in ${client.data.dir} is a whole copy, and the client is down for as long as that takes.`;
      const fix =
        'Nothing need be done where they are small. Else have data and backups lie on one btrfs or xfs, which share blocks.';
      return isShared ? [] : [{ severity: 'note', about: nameOf(client), sentence, fix }];
    });
    return verdict(complaints, 'Backups share the blocks of the data: they are made in a moment.');
  },
);

/** Beside the data, never in them. */
async function canShare({ dir, backups }: DataConfig): Promise<boolean> {
  const beside = await mkdtemp(join(dirname(nearest(dir)), '.doctor-'));
  const there = await mkdtemp(join(nearest(backups), '.doctor-'));
  try {
    const sample = join(beside, 'sample');
    await writeFile(sample, Buffer.alloc(8_192, 1));
    return await reflink(sample, join(there, 'sample'));
  } finally {
    await Promise.all([beside, there].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}
