import { constants } from 'node:fs';
import { access, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sentenceOf, systemCode } from '../../errors.ts';
import { temporaryBeside } from '../../store/atomic-write.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { mayActAs } from '../who.ts';
import { type Place, placesOf } from './places.ts';

/** Tries it: a disk that was remounted read-only after an error looks well until somebody writes. */
export const writable = check(
  'disk-writable',
  async (patient) => {
    if (!(await mayActAs(patient))) return null;
    return Promise.all(placesOf(patient).map(async (place) => ({ place, reason: await obstacle(place) })));
  },
  (tried) => {
    if (tried === null) return skipped('Only root and the user of the daemon can try it.');
    return verdict(
      tried.flatMap(({ place, reason }): Complaint[] => {
        if (reason === null) return [];
        const sentence = `Nothing can be written to ${place.what}, ${place.path}: ${reason}.`;
        const fix = 'Look at the disk (dmesg | tail; mount), and at ReadWritePaths of the unit or “:ro” of the volume.';
        return [{ severity: 'error', about: place.client, sentence, fix }];
      }),
      'Every folder can be written to.',
    );
  },
);

/** Nothing is put among a client's own files: there the kernel is asked what it would say. */
async function obstacle({ path: folder, what, client }: Place): Promise<string | null> {
  const isOurs = client === null || what === 'the backups';
  const path = temporaryBeside(join(folder, 'doctor'));
  try {
    if (isOurs) await (await open(path, 'wx', 0o600)).close();
    else await access(folder, constants.W_OK);
    return null;
  } catch (error) {
    // what is not there yet is made when it is needed
    return systemCode(error) === 'ENOENT' ? null : sentenceOf(error);
  } finally {
    await rm(path, { force: true }).catch(() => {}); // it could not be made
  }
}
