import { chmod, chown, rm } from 'node:fs/promises';
import { sentenceOf } from '../../errors.ts';
import { makeFolder } from '../../folders.ts';
import type { Home } from '../../layout.ts';
import type { Log } from '../../log.ts';
import { settleHome } from '../home-way.ts';
import { groupId } from './group-id.ts';
import { type ControlServer, type Routes, serveControl } from './server.ts';

/** A socket of its own for those who may read: whoever can open it can ask what it knows, and it knows nothing that changes anything. */
export interface Readers {
  /**
   * `group` `null`: nobody but the owner. That it cannot be served is told, and stops nothing.
   * @param users whether clients with users of their own need the way through the home too
   */
  follow(group: string | null, users: boolean): Promise<void>;
  stop(): Promise<void>;
}

/** Connected at once. Each is a descriptor, and a daemon that has none left can start no client. */
const MOST = 64;

export function createReaders(home: Home, routes: Routes, log: Log): Readers {
  const { folder, socket } = home.readers;
  let served: { readonly group: string; readonly server: ControlServer } | null = null;

  async function open(group: string, gid: number): Promise<void> {
    const uid = process.getuid?.() ?? 0;
    // closed while the socket is made: nobody meets it before it has its mode
    await makeFolder(folder, 0o700);
    await chmod(folder, 0o700);
    const server = await serveControl(socket, routes, log, { mode: 0o660, gid, most: MOST });
    try {
      await chown(folder, uid, gid);
      await chmod(folder, 0o750);
    } catch (error) {
      await server.stop();
      throw error;
    }
    served = { group, server };
    log.info({ group, path: socket }, 'members of the group may read');
  }

  async function close(): Promise<void> {
    await served?.server.stop();
    served = null;
  }

  async function serve(group: string | null, users: boolean): Promise<void> {
    const gid = group === null ? null : await groupId(group);
    await settleHome(home.root, gid, users);
    if (served?.group === group) return;
    await close();
    if (group !== null && gid !== null) return open(group, gid);
    // what an earlier file had opened is closed again
    await rm(folder, { recursive: true, force: true });
  }

  return {
    async follow(group, users) {
      try {
        await serve(group, users);
      } catch (error) {
        const reason = sentenceOf(error);
        if (group === null) return log.error({ reason }, 'the home could not be closed to others');
        await close();
        await settleHome(home.root, null, users).catch(() => {});
        log.error({ group, reason }, 'members of the group cannot read; everything else goes on');
      }
    },
    stop: close,
  };
}
