import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { faultyNode } from '../../test/support/faulty-node.ts';
import { compactOf, healthy, keys, runtimeValue } from '../../test/support/release-values.ts';
import type { Built } from '../support/client/client.ts';
import type { Scene } from '../support/scene.ts';

/** What a source says: all of it at once, as of one block. */
export interface Said {
  readonly named: Built | null;
  readonly pending: Built | null;
  readonly spec: number;
}

/** Where the releases of one client are named. */
export interface Source {
  /** Of its network and of its client in the args file. */
  readonly network: object;
  readonly release: object;
  uriOf(built: Built): string;
  say(said: Said): Promise<void>;
  /** Whether what it said last must have been heard by now. */
  isRead(): boolean;
  stop(): Promise<void>;
}

/** Milliseconds between two readings of a manifest. */
const INTERVAL = 400;

export function manifestOf(scene: Scene, place: string): Source {
  let saidAt = 0;
  return {
    network: {},
    release: { source: 'manifest', url: `file://${scene.manifest(place)}`, interval: `${INTERVAL}ms` },
    uriOf: ({ path }) => `file://${path}`,
    async say({ named }) {
      await scene.name(place, named);
      saidAt = performance.now();
    },
    // a manifest has no blocks: a reading that had begun before is over after some more
    isRead: () => performance.now() - saidAt > 3 * INTERVAL,
    stop: async () => {},
  };
}

/** Milliseconds after which a daemon has understood what a node told it. */
const UNDERSTOOD = 300;

/** Milliseconds between blocks in which nothing changed. */
const BLOCK = 5_000;

/** A chain of its own, whose only client it is: a node that serves what is said, and a server of the bytes. */
export async function chainOf(member: number): Promise<Source> {
  const genesis = `0x${member.toString(16).padStart(64, '0')}`;
  const [node, files] = [await faultyNode({ genesis }), await serveFiles()];
  let storage: Record<string, string> = { [keys.runtime]: runtimeValue(1) };
  let [number, last, toldAt] = [0, 0, Infinity];
  const finalize = (): void => {
    number += 1;
    node.finalize(number, { ...healthy(), ...storage });
  };
  const blocks = setInterval(finalize, BLOCK);
  finalize();
  const value = (built: Built): string =>
    `0x${Buffer.concat([compactOf(files.uriOf(built).length), Buffer.from(files.uriOf(built))]).toString('hex')}${built.checksum.slice(2)}`;
  return {
    network: { endpoints: [node.endpoint], genesis },
    release: { source: 'clients-info', client: 'vault' },
    uriOf: files.uriOf,
    async say({ named, pending, spec }) {
      storage = {
        [keys.runtime]: runtimeValue(spec),
        ...(named && { [keys.current]: value(named) }),
        ...(pending && { [keys.pending]: value(pending) }),
      };
      finalize();
      [last, toldAt] = [number, Infinity];
    },
    // that it was told does not say that it was understood: an answer that is still on its way looks like rest
    isRead() {
      if (node.told >= last) toldAt = Math.min(toldAt, performance.now());
      return performance.now() - toldAt > UNDERSTOOD;
    },
    async stop() {
      clearInterval(blocks);
      await Promise.all([node.stop(), files.stop()]);
    },
  };
}

/** Serves the files of this machine by their paths. */
async function serveFiles() {
  const server = createServer((request, response) => {
    createReadStream(join('/', new URL(request.url ?? '/', 'http://files').pathname))
      .once('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    uriOf: ({ path }: Built): string => `http://127.0.0.1:${port}${path}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
