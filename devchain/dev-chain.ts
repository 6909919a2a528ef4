import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { chainSpec, USUAL_GENESIS } from './genesis.ts';
import { connectGovernor, type Governor } from './governor.ts';
import { startServer } from './server-process.ts';

export interface DevChainOptions {
  /** `instant` (default): a block for every extrinsic; `manual`: in `newBlock()` only, and the acts below call it themselves. */
  readonly blocks?: 'instant' | 'manual';
  /** Beside that, a block every so many milliseconds, so that finalised heads go on. Default: none. */
  readonly blockTime?: number;
  /** Default 0: any free one. */
  readonly port?: number;
  /** Hash of block 0. Default: the one that Chopsticks gives to every chain, 0x4545…45. */
  readonly genesis?: string;
  /** Added to the state of block 0: hex key to hex value. */
  readonly storage?: Readonly<Record<string, string>>;
  /** Ends the start, and later the chain, like `stop()`. */
  readonly signal?: AbortSignal;
}

/** A running chain and its governor. */
export interface DevChain extends Omit<Governor, 'close'> {
  /** `ws://127.0.0.1:PORT`; plain HTTP requests are answered there too. */
  readonly endpoint: string;
  /** Hash of block 0. */
  readonly genesis: string;
  /** Of the process that serves it. */
  readonly pid: number;
  /** Resolves when that process is gone, asked or not. */
  readonly ended: Promise<void>;
  /** Ends the process and waits until it is gone; a second call does no harm. */
  stop(): Promise<void>;
}

const FIRST_RUNTIME = new URL('built/v1.compressed.wasm', import.meta.url);

/** Starts a chain in a process of its own, about 3 s; several may run beside each other. Whoever starts it calls `stop()`. */
export async function startDevChain(options: DevChainOptions = {}): Promise<DevChain> {
  const { blocks = 'instant', port = 0, genesis = USUAL_GENESIS, storage = {}, signal } = options;
  const spec = chainSpec({ code: await readFile(FIRST_RUNTIME), hash: genesis, storage });
  const { stop: stopServer, ...server } = await startServer({ spec, genesis, blocks, port }, signal);
  try {
    const { close, ...governor } = await connectGovernor(server.endpoint, blocks);
    const stopClock =
      options.blockTime === undefined ? async () => {} : startClock(governor.newBlock, options.blockTime);
    const stop = async () => {
      signal?.removeEventListener('abort', stop);
      await stopClock();
      await close();
      await stopServer();
    };
    signal?.addEventListener('abort', stop);
    signal?.throwIfAborted();
    return { ...governor, ...server, genesis, stop };
  } catch (error) {
    await stopServer();
    throw error;
  }
}

/** Returns what stops it, which waits for a block that is being built. */
function startClock(build: () => Promise<unknown>, blockTime: number): () => Promise<void> {
  const stopped = new AbortController();
  const run = async () => {
    for (;;) {
      await sleep(blockTime, undefined, { signal: stopped.signal });
      await build();
    }
  };
  // it ends by being stopped, or with the chain, of which whoever uses the chain hears
  const ended = run().catch(() => undefined);
  return async () => {
    stopped.abort();
    await ended;
  };
}
