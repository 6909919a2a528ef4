import { systemCode } from '../../errors.ts';
import { openBlobs } from '../../store/blobs.ts';
import { hashFile } from '../../store/files/hash-file.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import type { Patient } from '../patient.ts';
import { laidOut } from './laid.ts';

const disk = 'Look at the disk (dmesg | tail, smartctl) and at who may write to the home.';

/** Hashes what lies in the store. */
export const store = check(
  'store-checksums',
  async ({ home }: Patient, signal) => {
    if (home === null) return null;
    const blobs = openBlobs(home.store);
    const held = await blobs.list();
    // one at a time: the disk is the clients' too
    const damaged: string[] = [];
    for (const checksum of held) if (!(await blobs.verify(checksum, signal))) damaged.push(blobs.path(checksum));
    return { count: held.length, damaged };
  },
  (seen) => {
    if (seen === null || seen.count === 0) return skipped('Nothing lies in the store yet.');
    const fix = `It is never run, and fetched again when it is needed: remove it. ${disk}`;
    const complaints = seen.damaged.map((path): Complaint => {
      const sentence = `${path} is no longer what its name says.`;
      return { severity: 'warning', about: null, sentence, fix };
    });
    return verdict(complaints, `All ${seen.count} files of the store are what their names say.`);
  },
);

/** Hashes the programs that are committed: the next start of the client would refuse what was changed. */
export const programs = check(
  'program-checksums',
  async (patient, signal) =>
    Promise.all(
      (await laidOut(patient, signal)).map(async ({ client, folder, program }) => {
        const found = program && (await hashFile(program.path, signal).catch(nullIfMissing));
        return {
          client,
          at: program?.path ?? folder.record,
          isWell: program !== null && found === `0x${program.sha256}`,
        };
      }),
    ),
  (seen) => {
    if (seen.length === 0) return skipped('Nothing is committed yet.');
    const complaints = seen.flatMap(({ client, at, isWell }): Complaint[] => {
      if (isWell) return [];
      const sentence = `${at} is missing, or is not what was proved: its next start fetches it again first.`;
      return [{ severity: 'error', about: client, sentence, fix: disk }];
    });
    return verdict(complaints, 'Every committed program is what was proved.');
  },
);

function nullIfMissing(error: unknown): null {
  if (['ENOENT', 'ELOOP', 'EISDIR'].includes(systemCode(error) ?? '')) return null;
  throw error;
}
