import { statfs } from 'node:fs/promises';
import { type Complaint, check, verdict } from '../check.ts';
import type { Patient } from '../patient.ts';
import { mebibytes } from '../words.ts';
import { mountOf } from './mounts.ts';
import { nearest, type Place, placesOf } from './places.ts';

interface Seen {
  readonly place: Place;
  /** Where the file system is mounted. */
  readonly at: string;
  readonly free: number;
  /** Files that can still be made; `null`: the file system has no such limit. */
  readonly inodes: number | null;
}

/** What downloads leave free for the clients (store/files/space.ts): below it no release is fetched. */
const LEAST = 64 * 2 ** 20;
/** A release is 30 to 200 MB; a new one and a backup want room beside the present one. */
const COMFORTABLE = 2 ** 30;
const FEW_FILES = 1_000;

/** Whether there is room for the next release, where clients write. */
export const space = check('disk-space', lookAtDisks, (seen) => {
  const free = Math.min(...seen.map((one) => one.free));
  return verdict(
    seen.flatMap(complaintOf),
    seen.length === 0 ? 'No folder is known yet.' : `${mebibytes(free)} are free.`,
  );
});

/** A disk without inodes is full though it has room. */
export const inodes = check('disk-inodes', lookAtDisks, (seen) =>
  verdict(
    seen.flatMap(({ place, at, inodes: left }): Complaint[] => {
      if (left === null || left >= FEW_FILES) return [];
      const sentence = `The disk of ${place.what} (${at}) can take only ${left} more files, whatever room it has.`;
      const fix = `Find what made so many (du --inodes -x ${at} | sort -n | tail), or make the file system anew with more.`;
      return [{ severity: left < 100 ? 'error' : 'warning', about: place.client, sentence, fix }];
    }),
    'There are inodes enough.',
  ),
);

function complaintOf({ place, at, free }: Seen): readonly Complaint[] {
  if (free >= COMFORTABLE) return [];
  const consequence =
    free < LEAST ? 'no release can be fetched, and soon nothing can be saved' : 'a release and a backup may not fit';
  const sentence = `The disk of ${place.what} (${at}) has ${mebibytes(free)} left: ${consequence}.`;
  const fix =
    'Make room there. “vaultvisor backups prune” removes old backups; “keep” says how many former releases stay.';
  return [{ severity: free < LEAST ? 'error' : 'warning', about: place.client, sentence, fix }];
}

/** Each disk once, by the first that lies on it. */
async function lookAtDisks(patient: Patient): Promise<readonly Seen[]> {
  const all = await Promise.all(
    placesOf(patient).map(async (place) => {
      const { bavail, bsize, files, ffree } = await statfs(nearest(place.path));
      const { at } = await mountOf(place.path);
      return { place, at, free: bavail * bsize, inodes: files === 0 ? null : ffree };
    }),
  );
  return all.filter(({ at }, index) => all.findIndex((other) => other.at === at) === index);
}
