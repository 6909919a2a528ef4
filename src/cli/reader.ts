import { VisorError } from '../errors.ts';
import { ask } from './client.ts';
import type { Context } from './context.ts';
import { locate } from './home.ts';

/** Asks the daemon, by the socket of those who may only read. @throws VisorError `network` where none runs */
export type AskAsReader = <T>(path: string) => Promise<T>;

/**
 * Does it from disk; where that is closed to us, asks the daemon, whose `control.group` we may be a member of.
 * @throws what the disk said, where the daemon is closed to us as well
 */
export async function orAsReader<T>(
  context: Context,
  fromDisk: () => Promise<T>,
  fromDaemon: (ask: AskAsReader) => Promise<T>,
): Promise<T> {
  try {
    return await fromDisk();
  } catch (refused) {
    if (!isForbidden(refused)) throw refused;
    const { home } = await locate(context);
    return await fromDaemon(async <A>(path: string) => {
      const answer = await ask<A>(home, { method: 'GET', path }).catch((error: unknown) => {
        throw isForbidden(error) ? refused : error;
      });
      if (answer === null) throw refused;
      return answer;
    });
  }
}

/** The file system let us not. */
function isForbidden(thrown: unknown): boolean {
  if (thrown instanceof VisorError) return thrown.code === 'permission';
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  return code === 'EACCES' || code === 'EPERM';
}
