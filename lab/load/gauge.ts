import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Daemon } from '../support/daemon.ts';
import { textAt } from '../support/journal.ts';
import type { Scene } from '../support/scene.ts';

/** What a daemon holds at one moment, after everything that nobody needs was collected. */
export interface Gauged {
  /** Bytes. */
  readonly heap: number;
  /** Buffers outside of the heap, in bytes. */
  readonly external: number;
  /** Resident set, in bytes; what the allocator has not given back is in it. */
  readonly resident: number;
  readonly descriptors: number;
  /** Timers, sockets, children: whatever keeps Node going. */
  readonly resources: number;
}

/**
 * With what a daemon is started that can be gauged: it tells when its last part is loaded, and options of Node: nothing in the program itself knows of them. Nothing is compiled to machine code: that is done
 * for as long as something is called often, so the heap grows by it for hours (of 1,000 restarts +5 %, in heap snapshots machine code and nothing else).
 */
const gaugeable = {
  node: ['--inspect=127.0.0.1:0', '--no-opt', '--no-sparkplug'],
  words: ['--log-level', 'debug'],
} as const;

/** Starts a daemon that can be gauged, and waits until it has loaded its last part (src/late.ts): what it holds grows by that, once. */
export async function startGaugeable(scene: Scene): Promise<Daemon> {
  const daemon = scene.start(gaugeable);
  while (!(await scene.log()).includes('every part is loaded')) await sleep(100);
  return daemon;
}

/** The bytecode of functions that are not called goes with the sixth collection or so: without it one figure differs from the next by some per cent. */
const COLLECTIONS = 12;

/** Asks Node's own inspector, whose address stands in the log of a daemon that was started with `startGaugeable`. */
export async function gauge(pid: number, log: string): Promise<Gauged> {
  const address = [...textAt(log).matchAll(/^Debugger listening on (ws:\S+)$/gm)].at(-1)?.[1];
  if (address === undefined) throw new Error(`${log} names no inspector`);
  const descriptors = readdirSync(`/proc/${pid}/fd`).length;
  const inspector = await attach(address);
  try {
    for (let time = 0; time < COLLECTIONS; time++) await inspector.ask('HeapProfiler.collectGarbage');
    const used = await inspector.evaluate<NodeJS.MemoryUsage>('process.memoryUsage()');
    const resources = await inspector.evaluate<string[]>('process.getActiveResourcesInfo()');
    return {
      heap: used.heapUsed,
      external: used.external,
      resident: used.rss,
      descriptors,
      resources: resources.length,
    };
  } finally {
    inspector.close();
  }
}

interface Inspector {
  ask(method: string, params?: object): Promise<unknown>;
  evaluate<T>(expression: string): Promise<T>;
  close(): void;
}

async function attach(address: string): Promise<Inspector> {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let last = 0;
  const ask = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      const hear = (data: unknown): void => {
        const answer = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: { message: string } };
        if (answer.id !== id) return;
        socket.off('message', hear);
        if (answer.error) reject(new Error(answer.error.message));
        else resolve(answer.result);
      };
      socket.on('message', hear);
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    ask,
    async evaluate<T>(expression: string) {
      const answer = await ask('Runtime.evaluate', { expression, returnByValue: true });
      return (answer as { result: { value: T } }).result.value;
    },
    close: () => socket.terminate(),
  };
}
