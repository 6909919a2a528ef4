import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { sentenceOf, VisorError } from '../errors.ts';
import { ask, listen } from './client.ts';
import type { Context } from './context.ts';
import { locate } from './home.ts';

/** The daemon, by the socket of those who may only read. */
export interface AsReader {
  /** @throws what the disk had said, where no daemon runs or its socket is closed to us too */
  ask<T>(path: string): Promise<T>;
  /** What it tells from now on. */
  listen<T>(path: string): AsyncIterable<T>;
}

/**
 * Does it from disk; where that is closed to us, asks the daemon, whose `control.group` we may be a member of.
 * @throws what the disk said, where the daemon is closed to us as well
 */
export async function orAsReader<T>(
  context: Context,
  fromDisk: () => Promise<T>,
  fromDaemon: (daemon: AsReader) => Promise<T>,
): Promise<T> {
  try {
    return await fromDisk();
  } catch (refused) {
    if (!isForbidden(refused)) throw refused;
    const { home } = await locate(context);
    return await fromDaemon({
      async ask<A>(path: string) {
        const answer = await ask<A>(home, { method: 'GET', path }).catch((error: unknown) => {
          throw isForbidden(error) ? refused : error;
        });
        if (answer === null) throw refused;
        return answer;
      },
      listen: (path) => listen(home, path),
    });
  }
}

/** What a member is told of a command that only the daemon's user may use: what he may. Anything else that was thrown stays as it is. */
export async function toldToMember(thrown: unknown, context: Context): Promise<unknown> {
  if (!isForbidden(thrown) || !(await isMember(context))) return thrown;
  return new VisorError(
    'permission',
    sentenceOf(thrown),
    `As a member of control.group you may use ${ofMembers}. Run this as the user of the daemon, or as root.`,
    { cause: thrown },
  );
}

const ofMembers = 'status, history, logs, check, which, backups list and version';

async function isMember(context: Context): Promise<boolean> {
  try {
    await access((await locate(context)).home.readers.socket, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What stands behind the path of a question about the clients of a place. */
export const ofPlace = (place: string | undefined): string =>
  place === undefined ? '' : `?place=${encodeURIComponent(place)}`;

/** The file system let us not. */
function isForbidden(thrown: unknown): boolean {
  if (thrown instanceof VisorError) return thrown.code === 'permission';
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  return code === 'EACCES' || code === 'EPERM';
}
