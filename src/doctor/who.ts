import { stat } from 'node:fs/promises';
import type { ClientConfig } from '../config/settings.ts';
import { findUser } from '../users.ts';
import type { Patient } from './patient.ts';

/** The user that the daemon is, or would be: who owns the home. `null`: there is no home yet. */
export async function daemonUser({ home }: Pick<Patient, 'home'>): Promise<number | null> {
  if (home === null) return null;
  return stat(home.root).then(
    ({ uid }) => uid,
    () => null,
  );
}

/** Whether what we try says anything about what the daemon could do. */
export async function mayActAs(patient: Pick<Patient, 'home'>): Promise<boolean> {
  const [own, user] = [process.getuid?.(), await daemonUser(patient)];
  return own === 0 || user === null || own === user;
}

/** Whom a client of a user of its own runs as; `null`: as the daemon, or this machine has no such user. */
export async function ownUser({ settings: { user } }: ClientConfig): Promise<number | null> {
  return user === undefined ? null : ((await findUser(user.name))?.uid ?? null);
}
