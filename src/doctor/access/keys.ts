import type { ClientConfig } from '../../config/settings.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';
import { nameOf, type Patient, runHere } from '../patient.ts';
import { daemonUser, mayActAs, ownUser } from '../who.ts';
import { modeOf } from './home.ts';
import { obstacle } from './readable.ts';
import { tooOpen } from './too-open.ts';

interface KeyFile {
  readonly client: string;
  readonly path: string;
}

const keysOf = (patient: Patient): readonly (KeyFile & { readonly config: ClientConfig })[] =>
  runHere(patient).flatMap((config) =>
    config.strangers.keyFiles.map((path) => ({ client: nameOf(config), path, config })),
  );

const none = 'No client that runs here names a key file.';

/** Whoever reads the key has the money. */
export const keyMode = check(
  'key-file-mode',
  async (patient) => Promise.all(keysOf(patient).map(async (key) => ({ ...key, mode: await modeOf(key.path) }))),
  (seen) => {
    const there = seen.flatMap(({ mode, ...key }) => (mode === null ? [] : [{ ...key, mode }]));
    if (there.length === 0) return skipped(seen.length === 0 ? none : 'No key file that is named can be seen.');
    return verdict(
      there.flatMap((key) => tooOpen('The key file', key, ', and whoever reads it has the money')),
      'Key files are their owner’s, and at most a group may read them.',
    );
  },
);

/** A client that cannot read its key crashes, and its release is blamed. */
export const keyReadable = check(
  'key-file-readable',
  async (patient) => {
    const user = await daemonUser(patient);
    const mayTry = await mayActAs(patient);
    return Promise.all(
      keysOf(patient).map(async (key) => ({
        ...key,
        why: await obstacle(key.path, mayTry ? ((await ownUser(key.config)) ?? user) : null),
      })),
    );
  },
  (seen) => {
    if (seen.length === 0) return skipped(none);
    return verdict(
      seen.flatMap(({ client, path, why }): Complaint[] => {
        const sentence = `The key file ${path} cannot be read by the client: ${why}.`;
        const fix = `Correct the path in the args file, or give the file to the user of the daemon (chown). ProtectHome=yes in a unit hides /home and /root.`;
        return why === null ? [] : [{ severity: 'error', about: client, sentence, fix }];
      }),
      'Every key file is there and can be read.',
    );
  },
);
