import { constants } from 'node:fs';
import { access, lstat } from 'node:fs/promises';
import { sentenceOf, systemCode } from '../../errors.ts';
import { type Complaint, check, verdict } from '../check.ts';
import { nearest } from '../disk/places.ts';
import { usualLockFolder } from '../lock-folder.ts';
import { octal } from '../mend.ts';
import type { Patient } from '../patient.ts';

interface Seen {
  readonly path: string;
  /** Named in the args file. */
  readonly isNamed: boolean;
  /** Why it cannot be used; `null`: it can. */
  readonly obstacle: string | null;
  /** `null`: it is made at the start. */
  readonly mode: number | null;
  readonly home: string | null;
}

/** Two daemons, and a daemon and a wrapper, exclude each other only by the same folder of locks. */
export const locks = check(
  'lock-folder',
  async (patient: Patient): Promise<Seen> => {
    const path = usualLockFolder(patient);
    const stats = await lstat(path).catch(unlessGone);
    const isNoFolder = stats !== null && !stats.isDirectory();
    const obstacle = isNoFolder
      ? `${path} is not a folder`
      : await access(nearest(path), constants.W_OK | constants.X_OK).then(() => null, sentenceOf);
    const mode = stats === null ? null : stats.mode & 0o7777;
    return {
      path,
      isNamed: typeof patient.config?.lockDir === 'string',
      obstacle,
      mode,
      home: patient.home?.root ?? null,
    };
  },
  (seen) => verdict(complaintsOf(seen), `The locks are in ${seen.path}.`),
);

function complaintsOf({ path, isNamed, obstacle, mode, home }: Seen): readonly Complaint[] {
  const about = null;
  if (obstacle !== null) {
    const consequence = isNamed
      ? 'nothing is started'
      : `the locks are in the home${home === null ? '' : `, ${home}`}, where no other home looks`;
    const sentence = `The folder of the locks, ${path}, cannot be used (${obstacle}): ${consequence}.`;
    const fix =
      'Have tmpfiles.d make it (d /run/lock/vaultvisor 1777 root root), or have “lockDir” name a folder that all daemons of this machine share.';
    return [{ severity: isNamed ? 'error' : 'warning', about, sentence, fix }];
  }
  const isLoose = mode !== null && (mode & 0o002) !== 0 && (mode & 0o1000) === 0;
  if (!isLoose) return [];
  const sentence = `Everybody may remove the locks in ${path} (mode ${octal(mode)}): a second client could then be started.`;
  return [{ severity: 'error', about, sentence, fix: `chmod 1777 ${path}` }];
}

function unlessGone(error: unknown): null {
  if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return null;
  throw error;
}
