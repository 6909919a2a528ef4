import { setTimeout as sleep } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { type FaultyNode, faultyNode, type RpcRequest } from '../../test/support/faulty-node.ts';
import type { Random } from '../support/random.ts';
import { drawFault, type Fault } from './day.ts';

/** A node that loses every connection, each in a way that is drawn; calm, it keeps them. */
export interface BadNode {
  readonly node: FaultyNode;
  /** Connections that it lost. */
  lost(): number;
  calm(is: boolean): void;
}

const READ = 'state_queryStorageAt';

export async function badNode(random: Random): Promise<BadNode> {
  const node = await faultyNode();
  const faults = new WeakMap<WebSocket, Fault>();
  let isCalm = true;
  let lost = 0;

  function faultOf(socket: WebSocket): Fault {
    const fault = faults.get(socket) ?? drawFault(random);
    if (!faults.has(socket)) socket.once('close', () => (lost += 1));
    faults.set(socket, fault);
    return fault;
  }

  node.intercept = (request, socket) => {
    (node.requests as RpcRequest[]).length = 0; // a day of them is not kept
    return !isCalm && strike(faultOf(socket), request, socket);
  };

  return {
    node,
    lost: () => lost,
    calm(is) {
      isCalm = is;
      if (!is) node.drop();
    },
  };
}

/** @returns whether the request was dealt with */
function strike(fault: Fault, { id, method }: RpcRequest, socket: WebSocket): boolean {
  const end = (act: () => void) => {
    act();
    return true;
  };
  const afterAnswer = (act: () => void) => {
    if (method === READ) void sleep(1).then(act);
    return false;
  };
  switch (fault) {
    case 'cut at once':
      return end(() => socket.terminate());
    case 'cut at the genesis':
      return method === 'chain_subscribeFinalizedHeads' && end(() => socket.terminate());
    case 'subscription refused':
      return (
        method === 'chain_subscribeFinalizedHeads' &&
        end(() => socket.send(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_601, message: 'no' } })))
      );
    case 'not JSON':
      return method === READ && end(() => socket.send('{"jsonrpc":'));
    case 'binary':
      return method === READ && end(() => socket.send(Buffer.from([0, 1])));
    case 'an answer for another block':
      return (
        method === READ &&
        end(() =>
          socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: [{ block: `0x${'11'.repeat(32)}`, changes: [] }] })),
        )
      );
    case 'cut after a read':
      return afterAnswer(() => socket.terminate());
    case 'closed after a read':
      return afterAnswer(() => socket.close(1001));
    case 'nonsense after a read':
      return afterAnswer(() => socket.send('nonsense'));
  }
}
