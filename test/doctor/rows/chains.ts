import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type FaultyNode, faultyNode } from '../../support/faulty-node.ts';
import { healthy, keys, timeValue } from '../../support/release-values.ts';
import type { Room } from '../support/room.ts';
import type { Row } from '../support/row.ts';

const other = `0x${'88'.repeat(32)}`;
const dead = 'ws://127.0.0.1:1';

async function node(how: { readonly genesis?: string; readonly age?: number } = {}): Promise<FaultyNode> {
  const { age = 6_000, ...options } = how;
  const made = await faultyNode(options);
  onTestFinished(() => made.stop());
  made.finalize(100, healthy({ [keys.now]: timeValue(Date.now() - age) }));
  return made;
}

/** A network of these endpoints; the first of them is a node of the dev chain’s kind. */
async function network(room: Room, endpoints: readonly (string | FaultyNode)[], more: object = {}): Promise<void> {
  const urls = endpoints.map((one) => (typeof one === 'string' ? one : one.endpoint));
  await room.args({ release: { source: 'clients-info' } }, { endpoints: urls, ...more });
}

export const chainRows: readonly Row[] = [
  {
    id: 'endpoints',
    what: 'one dead endpoint of two',
    state: 'warning',
    says: /cannot be read .*ECONNREFUSED.*another one serves/,
    scene: async (room) => network(room, [dead, await node()]),
  },
  {
    id: 'endpoints',
    what: 'none that answers',
    state: 'error',
    says: /no release is heard of/,
    scene: (room) => network(room, [dead]),
  },
  {
    id: 'endpoints',
    what: 'two that answer',
    state: 'well',
    says: /Every endpoint answers/,
    scene: async (room) => network(room, [await node(), await node()]),
  },
  {
    id: 'endpoint-latency',
    what: 'a node that takes seconds',
    state: 'warning',
    says: /takes \d+ s for a small question/,
    scene: async (room) => {
      const slow = await node();
      slow.intercept = (request, socket) => {
        if (request.method !== 'chain_getBlockHash' || request.params[0] !== 0) return false;
        void sleep(1_600).then(() =>
          socket.send(JSON.stringify({ jsonrpc: '2.0', id: request.id, result: slow.genesis })),
        );
        return true;
      };
      await network(room, [slow]);
    },
  },
  {
    id: 'endpoint-latency',
    what: 'a node nearby',
    state: 'well',
    says: /answers within \d+ ms/,
    scene: async (room) => network(room, [await node()]),
  },
  {
    id: 'finality',
    what: 'a chain that stands still',
    state: 'error',
    says: /is 60 min old: the chain stands still/,
    scene: async (room) => network(room, [await node({ age: 3_600_000 })]),
  },
  {
    id: 'finality',
    what: 'one node that stands still',
    state: 'warning',
    says: /this node stands still/,
    scene: async (room) => network(room, [await node({ age: 3_600_000 }), await node()]),
  },
  {
    id: 'finality',
    what: 'a chain that goes on',
    state: 'well',
    says: /\d+ s old at most/,
    scene: async (room) => network(room, [await node()]),
  },
  {
    id: 'clock-offset',
    what: 'a block of the future',
    state: 'warning',
    says: /was made \d+ s in the future: the clock of this machine is slow/,
    scene: async (room) => network(room, [await node({ age: -60_000 })]),
  },
  {
    id: 'clock-offset',
    what: 'a block of the far future',
    state: 'error',
    says: /was made \d+ min in the future/,
    scene: async (room) => network(room, [await node({ age: -1_800_000 })]),
  },
  {
    id: 'clock-offset',
    what: 'a block of just now',
    state: 'well',
    says: /No chain’s clock/,
    scene: async (room) => network(room, [await node()]),
  },
  {
    id: 'genesis',
    what: 'a node of another chain',
    state: 'error',
    says: /serves another chain.*the args file says/,
    scene: async (room) => network(room, [await node()], { genesis: other }),
  },
  {
    id: 'genesis',
    what: 'a testnet that was reset since the first contact',
    state: 'error',
    says: /at first contact it was/,
    scene: async (room) => {
      await room.put('home/instances/kintsugi/.genesis', other);
      await network(room, [await node()]);
    },
  },
  {
    id: 'genesis',
    what: 'endpoints of two chains, before the first contact',
    state: 'error',
    says: /are of 2 different chains/,
    scene: async (room) => network(room, [await node(), await node({ genesis: other })]),
  },
  {
    id: 'genesis',
    what: 'endpoints of one chain',
    state: 'well',
    says: /of its chain/,
    scene: async (room) => network(room, [await node(), await node()]),
  },
  {
    id: 'endpoint-spare',
    what: 'a single endpoint',
    state: 'note',
    says: /a single endpoint/,
    scene: async (room) => network(room, [await node()]),
  },
  {
    id: 'endpoint-spare',
    what: 'two endpoints',
    state: 'well',
    says: /a second/,
    scene: async (room) => network(room, [await node(), await node()]),
  },
];
