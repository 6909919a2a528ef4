import { secretFilesOf } from '../../config/secret-files.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { nameOf } from '../patient.ts';
import { daemonUser, mayActAs } from '../who.ts';
import { modeOf } from './home.ts';
import { obstacle } from './readable.ts';
import { tooOpen } from './too-open.ts';

interface Seen {
  readonly client: string;
  readonly path: string;
  readonly mode: number | null;
  readonly why: string | null;
}

/** Without its secret no release of a client is made ready, and none is started again. */
export const secretFiles = check(
  'secret-files',
  async (patient): Promise<readonly Seen[]> => {
    const user = (await mayActAs(patient)) ? await daemonUser(patient) : null;
    const named = patient.clients.flatMap((config) =>
      secretFilesOf(config).map((path) => ({ client: nameOf(config), path })),
    );
    return Promise.all(
      named.map(async (one) => ({ ...one, mode: await modeOf(one.path), why: await obstacle(one.path, user) })),
    );
  },
  (seen) =>
    seen.length === 0
      ? skipped('No client that runs here has a {secret:file:…} in its arguments or environment.')
      : verdict(
          seen.flatMap(complaintsOf),
          'Every secret is there, and only the daemon’s user and at most a group may read it.',
        ),
);

function complaintsOf({ client, path, mode, why }: Seen): readonly Complaint[] {
  if (why !== null) {
    const sentence = `The secret ${path} cannot be read by the daemon: ${why}.`;
    const fix =
      'Write the secret into it, and give the file to the user of the daemon (chown), mode 0600: it puts secrets in itself.';
    return [{ severity: 'error', about: client, sentence, fix }];
  }
  return mode === null ? [] : tooOpen('The secret', { client, path, mode });
}
