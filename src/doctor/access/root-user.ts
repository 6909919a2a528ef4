import { stat } from 'node:fs/promises';
import { systemCode } from '../../errors.ts';
import { check, skipped, verdict } from '../check.ts';
import { daemonUser } from '../who.ts';

/** What a release does it does with the rights of the daemon. */
export const rootUser = check(
  'root-user',
  async ({ daemon, home }) => {
    const running = daemon === null ? null : await stat(`/proc/${daemon.pid}`).then(({ uid }) => uid, unlessGone);
    return running ?? (await daemonUser({ home }));
  },
  (uid) => {
    if (uid === null) return skipped('No daemon has run here yet.');
    const complaint = {
      severity: 'warning',
      about: null,
      sentence: 'The daemon runs as root, and so does every release.',
      fix: 'Give it a user of its own: useradd --system vaultvisor, User= in the unit, and chown -R of the home, with the daemon stopped.',
    } as const;
    return verdict(uid === 0 ? [complaint] : [], `The daemon runs as uid ${uid}, not as root.`);
  },
);

function unlessGone(error: unknown): null {
  if (systemCode(error) === 'ENOENT') return null;
  throw error;
}
