import { lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { VisorError } from '../errors.ts';

/** What lies beside the socket. */
export const besides = (socket: string) => ({
  /** Held by the agent that serves it. */
  lock: `${socket}.lock`,
  /** The clients' locks, unless the operator says where else: in the volume, since a container's own folders are seen by nobody else. */
  locks: join(dirname(socket), 'locks'),
});

/**
 * Who may reach into the folder may command the client, so it must be ours alone: a folder of our own user with mode 0700.
 * @throws VisorError `permission`
 */
export function requireOwnFolder(socket: string): void {
  const folder = dirname(socket);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const uid = process.geteuid?.() ?? 0;
  if (found === undefined)
    throw refused(`${folder}, the folder of the socket, is not there`, `mkdir -m 0700 ${folder}`);
  if (!found.isDirectory()) throw refused(`${folder} is not a folder`, 'name another --socket');
  if (found.uid !== uid)
    throw refused(
      `${folder} belongs to user ${found.uid}, and this is user ${uid}`,
      'run daemon and agent as one user (user: in Compose, runAsUser in Kubernetes)',
    );
  if ((found.mode & 0o077) !== 0)
    throw refused(
      `others may reach into ${folder} (mode ${(found.mode & 0o777).toString(8).padStart(4, '0')}), and whoever can open ${basename(socket)} commands the client`,
      `chmod 0700 ${folder}`,
    );
}

const refused = (message: string, next: string): VisorError => new VisorError('permission', message, `Say: ${next}.`);
