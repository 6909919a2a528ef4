import { stat } from 'node:fs/promises';
import { systemCode } from '../../errors.ts';
import { check, skipped, verdict } from '../check.ts';
import { daemonUser } from '../who.ts';

/** What a release does it does with the rights of the daemon. */
export const rootUser = check(
  'root-user',
  async ({ daemon, home, clients }) => {
    const running = daemon === null ? null : await stat(`/proc/${daemon.pid}`).then(({ uid }) => uid, unlessGone);
    const uid = running ?? (await daemonUser({ home }));
    return uid === null
      ? null
      : {
          uid,
          isUp: running !== null,
          all: clients.length > 0 && clients.every(({ settings }) => settings.user !== undefined),
        };
  },
  (seen) => {
    if (seen === null) return skipped('No daemon has run here yet.');
    const { uid, isUp, all } = seen;
    const who = isUp ? 'The daemon runs' : 'The home is root’s, so the daemon runs';
    const complaint = {
      severity: 'warning',
      about: null,
      sentence: `${who} as root, and so does every release of a client without a user of its own.`,
      fix: 'Give each client a “user” of its own, or the daemon: useradd --system vaultvisor, User= in the unit, and chown -R of the home, with the daemon stopped.',
    } as const;
    return verdict(
      uid === 0 && !all ? [complaint] : [],
      uid === 0 ? 'Every client has a user of its own.' : `The daemon runs as uid ${uid}, not as root.`,
    );
  },
);

function unlessGone(error: unknown): null {
  if (systemCode(error) === 'ENOENT') return null;
  throw error;
}
