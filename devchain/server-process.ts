import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ChainSpec } from './genesis.ts';

/** What the server is told over IPC. */
export interface ServerOptions {
  readonly spec: ChainSpec;
  /** Hash of block 0, `0x` + 64 hex digits. */
  readonly genesis: string;
  /** `instant`: a block for every extrinsic; `manual`: blocks only when asked for. */
  readonly blocks: 'instant' | 'manual';
  /** 0: any free one. */
  readonly port: number;
}

export interface ServerProcess {
  readonly endpoint: string;
  readonly pid: number;
  /** Ends the process and waits until it is gone; a second call does no harm. */
  stop(): Promise<void>;
}

const SERVER = fileURLToPath(new URL('server.mjs', import.meta.url));
/** How long an asked process may take to go before it is killed. */
const GRACE_MS = 5_000;
/** As much of its last words as an error message can bear. */
const WORDS = 4_000;

/** Starts Chopsticks in a process of its own. Throws with the server's own words when it does not come up. */
export async function startServer(options: ServerOptions, signal?: AbortSignal): Promise<ServerProcess> {
  signal?.throwIfAborted();
  // no execArgv and no NODE_OPTIONS: a loader or an inspector of the parent is not meant for this process
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [SERVER], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const words = lastWords(child);
  const stop = () => end(child);
  const abort = () => void stop();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    child.send(options);
    return { endpoint: await firstMessage(child, words), pid: child.pid!, stop };
  } catch (error) {
    await stop();
    signal?.throwIfAborted();
    throw error;
  }
}

async function firstMessage(child: ChildProcess, words: () => string): Promise<string> {
  const ready = new AbortController();
  const message = once(child, 'message', { signal: ready.signal }).then(([{ endpoint }]) => endpoint as string);
  const exit = once(child, 'close', { signal: ready.signal }).then(([code, signal]): never => {
    throw new Error(`the dev chain's server ended before it was ready (${signal ?? `exit code ${code}`}): ${words()}`);
  });
  try {
    return await Promise.race([message, exit]);
  } finally {
    // the loser is told to stop waiting; that it complains of it is no news
    Promise.allSettled([message, exit]);
    ready.abort();
  }
}

function lastWords(child: ChildProcess): () => string {
  let words = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      words = (words + chunk).slice(-WORDS);
    });
  }
  return () => words.trim() || 'it said nothing';
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await gone;
  clearTimeout(killer);
}
