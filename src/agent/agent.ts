import { randomUUID } from 'node:crypto';
import { unlinkSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, dirname } from 'node:path';
import { socketFault } from '../config/socket-path.ts';
import { sentenceOf, VisorError } from '../errors.ts';
import { makeFolders } from '../folders.ts';
import { type Lock, takeLock } from '../process/lock.ts';
import { lockFolder } from '../process/lock-folder.ts';
import { describeHolder, leaveNote } from '../process/locks/holder-note.ts';
import { requireLinux } from '../process/machine.ts';
import { type Command, createCommander } from './commander.ts';
import { createKeeper } from './keeper.ts';
import type { Means } from './life.ts';
import { createOwners } from './owners.ts';
import { besides, requireOwnFolder } from './place.ts';
import { PROTOCOL } from './protocol.ts';

export interface AgentOptions extends Pick<Means, 'log' | 'passOn' | 'save'> {
  /** Absolute path, in a folder of mode 0700 that both containers share. */
  readonly socket: string;
  /** Where the clients' locks lie; `null`: in `locks` beside the socket. */
  readonly locks: string | null;
  readonly version: string;
}

export interface Agent {
  /** Has the client leave, with its grace, and ends. */
  stop(): Promise<void>;
}

/**
 * Runs the client of one instance in this container, for a daemon in another (docs/containers.md). It starts only what a daemon tells it to, one at a
 * time, and looks after it whether or not that daemon lives.
 * @throws VisorError `busy` (75) where another agent serves this socket, `permission` where others may reach it, `config` where locks exclude nobody
 */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { socket, version, log } = options;
  requireLinux();
  const fault = socketFault(socket);
  if (fault !== null) throw new VisorError('usage', `--socket ${socket} ${fault}`, 'Nothing was started.');
  await makeFolders(dirname(socket), 0o700);
  requireOwnFolder(socket);
  const { locks } = besides(socket);
  const { folder } = await lockFolder({ lockDir: options.locks ?? locks, fallback: locks });
  const lock = await takeSocketLock(socket);
  const keeper = createKeeper({ ...options, lockFolder: folder, owners: createOwners(socket) }, (message) =>
    commander.tell(message),
  );
  const id = randomUUID();
  const commander = createCommander({
    version,
    log,
    hello: () => ({ type: 'hello', protocol: PROTOCOL, version, agent: id, ...keeper.present() }),
    heard: (message: Command) => keeper.obey(message),
    gone: () => keeper.left(),
  });
  const server = createServer((connection) => commander.take(connection));
  try {
    remove(socket); // whoever served it has gone: its lock is ours
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket, resolve);
    });
    await chmod(socket, 0o600);
  } catch (thrown) {
    server.close();
    lock.release();
    throw new VisorError(
      'io',
      `The socket ${socket} cannot be served: ${sentenceOf(thrown)}`,
      'Free space on its volume, or mend it; the container is to be started again.',
      { cause: thrown },
    );
  }
  log.info({ socket, version, locks: folder }, 'the agent waits for its daemon');
  return {
    async stop() {
      server.close();
      await keeper.stop();
      commander.end();
      remove(socket);
      lock.release();
    },
  };
}

async function takeSocketLock(socket: string): Promise<Lock> {
  const path = besides(socket).lock;
  const lock = await takeLock(path);
  if (lock === null)
    throw new VisorError(
      'busy',
      `another agent serves ${basename(socket)}: ${await describeHolder(path)}`,
      'Give each client an agent and a socket of its own, or end that one first.',
    );
  leaveNote(lock, socket);
  return lock;
}

/** Without looking at it: Node 20 takes a socket that was looked at last for the end of the next path that it resolves (daemon/control/server.ts). */
function remove(socket: string): void {
  try {
    unlinkSync(socket);
  } catch {
    // not there; else listening says why not
  }
}
