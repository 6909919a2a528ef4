import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';

/** Hex storage by key. */
export type Storage = Readonly<Record<string, string>>;

export interface RpcRequest {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** Takes a request from the node. `true`: it is dealt with; else the node answers as an honest one. */
export type Intercept = (request: RpcRequest, socket: WebSocket, node: FaultyNode) => boolean;

/** A JSON-RPC node that serves a chain which its test makes up, and lies or breaks as the test wants. Without a fault it is honest. */
export interface FaultyNode {
  readonly endpoint: string;
  readonly genesis: string;
  /** Every request that came in, oldest first. */
  readonly requests: readonly RpcRequest[];
  /** Connections that were ever made, and those that are open. */
  readonly connections: { readonly made: number; readonly open: number };
  /** The newest block whose storage it was asked for and has told. */
  readonly told: number;
  intercept: Intercept | null;
  /** Whether pings are answered. */
  answersPings: boolean;
  /** Puts a block on top that is best, but not final. */
  best(number: number, storage: Storage): void;
  /** Makes a block final and tells it; `storage` is what is stored there, all of it. */
  finalize(number: number, storage: Storage): void;
  /** Tells a head as it is, whatever it says. */
  tell(header: unknown): void;
  /** Sends a frame as it is, to everyone. */
  say(frame: string | Buffer): void;
  /** Cuts every connection; it goes on to listen. */
  drop(): void;
  stop(): Promise<void>;
}

export function faultyNode({ genesis = `0x${'99'.repeat(32)}`, port = 0 } = {}): Promise<FaultyNode> {
  const server = new WebSocketServer({ host: '127.0.0.1', port, autoPong: false });
  const blocks = new Map<number, { hash: string; storage: Storage }>([[0, { hash: genesis, storage: {} }]]);
  const requests: RpcRequest[] = [];
  const subscribed = new Set<WebSocket>();
  let finalised: number | null = null;
  let made = 0;
  let told = 0;

  const head = (number: number) => ({
    number: `0x${number.toString(16)}`,
    parentHash: hashOf(`${number - 1}`),
    digest: { logs: [] },
  });
  const put = (number: number, storage: Storage) => {
    blocks.set(number, { hash: hashOf(`${number}${JSON.stringify(storage)}`), storage });
  };
  const notify = (socket: WebSocket, header: unknown) => {
    const params = { subscription: 'heads', result: header };
    socket.send(JSON.stringify({ jsonrpc: '2.0', method: 'chain_finalizedHead', params }));
  };

  const honest = (request: RpcRequest, socket: WebSocket) => {
    const reply = (body: object) => socket.send(JSON.stringify({ jsonrpc: '2.0', id: request.id, ...body }));
    const at = (hash: unknown) => [...blocks.values()].find((block) => block.hash === hash)?.storage ?? {};
    const [first, second] = request.params;
    switch (request.method) {
      case 'chain_getBlockHash':
        return reply({ result: blocks.get(first as number)?.hash ?? null });
      case 'chain_subscribeFinalizedHeads':
        reply({ result: 'heads' });
        subscribed.add(socket);
        if (finalised !== null) notify(socket, head(finalised));
        return;
      case 'state_queryStorageAt': {
        const changes = (first as string[]).map((key) => [key, at(second)[key] ?? null]);
        for (const [number, { hash }] of blocks) if (hash === second) told = Math.max(told, number);
        return reply({ result: [{ block: second, changes }] });
      }
      case 'state_getStorage':
        return reply({ result: at(second)[first as string] ?? null });
      default:
        return reply({ error: { code: -32_601, message: 'Method not found' } });
    }
  };

  server.on('connection', (socket) => {
    made += 1;
    socket.on('close', () => subscribed.delete(socket));
    socket.on('error', () => undefined);
    socket.on('ping', (data) => node.answersPings && socket.pong(data));
    socket.on('message', (data: RawData) => {
      const request = JSON.parse(String(data)) as RpcRequest;
      requests.push(request);
      if (node.intercept?.(request, socket, node) !== true) honest(request, socket);
    });
  });

  const node: FaultyNode = {
    get endpoint() {
      return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    genesis,
    requests,
    get connections() {
      return { made, open: server.clients.size };
    },
    get told() {
      return told;
    },
    intercept: null,
    answersPings: true,
    best: put,
    finalize: (number, storage) => {
      put(number, storage);
      finalised = number;
      for (const socket of subscribed) notify(socket, head(number));
    },
    tell: (header) => {
      for (const socket of subscribed) notify(socket, header);
    },
    say: (frame) => {
      for (const socket of server.clients) socket.send(frame);
    },
    drop: () => {
      for (const socket of server.clients) socket.terminate();
    },
    stop: async () => {
      node.drop();
      if (server.address() !== null) await new Promise((resolve) => server.close(resolve));
    },
  };
  return once(server, 'listening').then(() => node);
}

/** Accepts TCP and never says a word. */
export async function silentListener(): Promise<{ readonly endpoint: string; stop(): Promise<void> }> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  const sockets = new Set<import('node:net').Socket>();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { endpoint: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

const hashOf = (text: string): string => `0x${createHash('sha256').update(text).digest('hex')}`;
