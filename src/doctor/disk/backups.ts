import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { sentenceOf } from '../../errors.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { nameOf, type Patient } from '../patient.ts';
import { daemonUser, mayActAs } from '../who.ts';
import { nearest } from './places.ts';

/** Backups that are kept elsewhere: a disk that is not mounted shows as a folder that is missing. */
export const backups = check(
  'backup-folder',
  async (patient: Patient) => {
    if (!(await mayActAs(patient))) return null;
    const chosen = patient.clients.flatMap((client) =>
      client.data === null ? [] : [{ name: nameOf(client), path: client.data.backups }],
    );
    const { home } = patient;
    const elsewhere = chosen.filter(({ path }) => home === null || !path.startsWith(`${home.root}/`));
    const uid = await daemonUser(patient);
    return Promise.all(
      elsewhere.map(async (one) => ({
        ...one,
        uid,
        isThere: existsSync(one.path),
        obstacle: await obstacle(one.path),
      })),
    );
  },
  (seen) => {
    if (seen === null) return skipped('Only root and the user of the daemon can try it.');
    if (seen.length === 0) return skipped('No client keeps its backups outside of the home (data.backupDir).');
    return verdict(
      seen.flatMap(({ name, path, uid, isThere, obstacle: why }): Complaint[] => {
        if (why !== null)
          return [
            {
              severity: 'error',
              about: name,
              sentence: `The folder of its backups, ${path}, cannot be used: ${why}.`,
              fix: 'Correct data.backupDir, or mount the disk and give it to the user of the daemon.',
            },
          ];
        if (isThere) return [];
        const sentence = `The folder of its backups, ${path}, is not there: is its disk mounted?`;
        return [
          {
            severity: 'warning',
            about: name,
            sentence,
            fix: `mkdir -p -m 0700 ${path}`,
            mends: [{ act: 'makeFolder', path, mode: 0o700, uid }],
          },
        ];
      }),
      'The folders of the backups are there.',
    );
  },
);

async function obstacle(path: string): Promise<string | null> {
  return access(nearest(path), constants.W_OK | constants.X_OK).then(
    () => null,
    (error: unknown) => sentenceOf(error),
  );
}
