import { randomBytes } from 'node:crypto';
import { mkdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { VisorError } from '../../errors.ts';
import { isExcluding, provesExclusion } from '../../process/locks/exclusion.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { usualLockFolder } from '../lock-folder.ts';
import type { Patient } from '../patient.ts';
import { mayActAs } from '../who.ts';
import { nearest } from './places.ts';

const fix = 'Use a local ext4, xfs, btrfs, zfs, tmpfs or overlay: “home” and “lockDir” of the args file say where.';

/** The folders whose locks keep a second daemon and a second client out. */
const foldersOf = (patient: Patient): readonly { what: string; path: string }[] => [
  ...(patient.home === null ? [] : [{ what: 'the home', path: patient.home.root }]),
  { what: 'the locks', path: usualLockFolder(patient) },
];

/** By its type: a network file system passes every trial from one side, and lets the other in. */
export const fileSystem = check(
  'file-system',
  (patient) =>
    Promise.all(foldersOf(patient).map(async (one) => ({ ...one, type: (await statfs(nearest(one.path))).type }))),
  (seen) =>
    verdict(
      seen.flatMap(({ what, path, type }): Complaint[] => {
        if (isExcluding(type)) return [];
        const sentence = `${path} (${what}) is on a file system (type 0x${type.toString(16)}) that is not known to keep locks: nothing is started there.`;
        return [{ severity: 'error', about: null, sentence, fix }];
      }),
      'Home and locks are on local disks.',
    ),
);

/** Two processes ask for one lock: the second must be refused. */
export const flock = check(
  'flock',
  async (patient) => {
    if (!(await mayActAs(patient))) return null;
    return Promise.all(foldersOf(patient).map(async (one) => ({ ...one, reason: await trial(nearest(one.path)) })));
  },
  (seen) => {
    if (seen === null) return skipped('Only root and the user of the daemon can try it.');
    const complaints = seen.flatMap(({ path, reason }): Complaint[] =>
      reason === null
        ? []
        : [
            {
              severity: 'error',
              about: null,
              sentence: `Locks in ${path} keep nobody out: ${reason.words}.`,
              fix: reason.next,
            },
          ],
    );
    return verdict(complaints, 'A second process is kept out by a lock, and let in when the first has left.');
  },
);

/** In a folder of its own: the proof tidies the folder that it is made in, and a daemon may be making its own just now. */
async function trial(folder: string): Promise<{ words: string; next: string } | null> {
  const own = join(folder, `.doctor-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(own, { mode: 0o700 });
    return (await provesExclusion(own)) ? null : { words: 'a second process was given one that was held', next: fix };
  } catch (error) {
    if (error instanceof VisorError) return { words: error.message, next: error.next };
    throw error;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}
