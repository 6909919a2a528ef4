import { chmod, chown, rm, stat } from 'node:fs/promises';
import { sentenceOf } from '../../errors.ts';
import { makeFolder } from '../../folders.ts';
import type { Home } from '../../layout.ts';
import type { Log } from '../../log.ts';
import { groupId } from './group-id.ts';
import { type ControlServer, type Routes, serveControl } from './server.ts';

/** A socket of its own for those who may read: whoever can open it can ask what it knows, and it knows nothing that changes anything. */
export interface Readers {
  /** `null`: nobody but the owner. That it cannot be served is told, and stops nothing. */
  follow(group: string | null): Promise<void>;
  stop(): Promise<void>;
}

/** The way through the home, and nothing in it: what lies there keeps modes of its own. */
const PASSABLE = 0o710;

export function createReaders(home: Home, routes: Routes, log: Log): Readers {
  const { folder, socket } = home.readers;
  let served: { readonly group: string; readonly server: ControlServer } | null = null;

  async function open(group: string): Promise<void> {
    const gid = await groupId(group);
    const uid = process.getuid?.() ?? 0;
    // closed while the socket is made: nobody meets it before it has its mode
    await makeFolder(folder, 0o700);
    await chmod(folder, 0o700);
    const server = await serveControl(socket, routes, log, { mode: 0o660, gid });
    try {
      await chown(folder, uid, gid);
      await chmod(folder, 0o750);
      await letThrough(home.root, uid, gid);
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

  return {
    async follow(group) {
      if (served?.group === group) return;
      await close();
      if (group === null) return shut(home);
      await open(group).catch((error: unknown) =>
        log.error({ group, reason: sentenceOf(error) }, 'members of the group cannot read; everything else goes on'),
      );
    },
    stop: close,
  };
}

/** A home that others have their way into keeps it. */
async function letThrough(root: string, uid: number, gid: number): Promise<void> {
  const { mode, gid: present } = await stat(root);
  const isOpen = (mode & 0o001) !== 0 || (present === gid && (mode & 0o010) !== 0);
  if (isOpen) return;
  if ((mode & 0o070) !== 0 && present !== gid)
    throw new Error(`${root} is open to another group (gid ${present}): chmod it to 0700, or name that group`);
  await chown(root, uid, gid);
  await chmod(root, (mode & 0o777) | 0o010);
}

/** What an earlier file had opened is closed again. */
async function shut({ root, readers }: Home): Promise<void> {
  const was = await stat(readers.folder).catch(() => null);
  if (was === null) return;
  await rm(readers.folder, { recursive: true, force: true }).catch(() => {});
  const { mode } = await stat(root);
  if ((mode & 0o777) === PASSABLE) await chmod(root, 0o700).catch(() => {});
}
