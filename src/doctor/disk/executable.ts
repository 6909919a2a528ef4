import { execFile } from 'node:child_process';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sentenceOf } from '../../errors.ts';
import { temporaryBeside } from '../../store/atomic-write.ts';
import { check, skipped, verdict } from '../check.ts';
import type { Patient } from '../patient.ts';
import { mayActAs } from '../who.ts';
import { mountOf } from './mounts.ts';
import { nearest } from './places.ts';

interface Seen {
  readonly root: string;
  /** Where the disk is mounted without it; `null`: it is not. */
  readonly forbidding: string | null;
  /** Why a program there could not be run; `null`: it was. `undefined`: not tried. */
  readonly reason: string | null | undefined;
}

/** Whether programs in the home can be run: its disk may forbid it, or a security module. */
export const executable = check('disk-exec', lookAtHome, (seen) => {
  if (seen === null) return skipped('No home is known yet.');
  const { root, forbidding, reason } = seen;
  if (forbidding === null && reason === undefined) return skipped('Only root and the user of the daemon can try it.');
  const why = forbidding === null ? reason : `${forbidding} is mounted noexec`;
  const complaint = {
    severity: 'error',
    about: null,
    sentence: `No program in ${root} can be run, and releases lie there: ${why}.`,
    fix: 'mount -o remount,exec where it is mounted (and /etc/fstab), take NoExecPaths out of the unit, or have “home” name another disk.',
  } as const;
  return verdict(why ? [complaint] : [], 'Programs in the home can be run.');
});

async function lookAtHome(patient: Patient): Promise<Seen | null> {
  if (patient.home === null) return null;
  const { root } = patient.home;
  const { at, options } = await mountOf(root);
  const forbidding = options.includes('noexec') ? at : null;
  const isToTry = forbidding === null && (await mayActAs(patient));
  return { root, forbidding, reason: isToTry ? await trial(nearest(root)) : undefined };
}

async function trial(folder: string): Promise<string | null> {
  const path = temporaryBeside(join(folder, 'doctor'));
  try {
    await writeFile(path, '#!/bin/sh\nexit 0\n', { flag: 'wx', mode: 0o700 });
    await chmod(path, 0o700); // mkdir's and open's modes are cut by the umask
    await promisify(execFile)(path, { timeout: 5_000 });
    return null;
  } catch (error) {
    return sentenceOf(error);
  } finally {
    await rm(path, { force: true }).catch(() => {}); // it could not be made
  }
}
