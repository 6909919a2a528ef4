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
  /** Resolves when the process is gone, asked or not. */
  readonly ended: Promise<void>;
  /** Ends the process and waits until it is gone; a second call does no harm. */
  stop(): Promise<void>;
}

const SERVER = fileURLToPath(new URL('server.mjs', import.meta.url));
/** How long an asked process may take to go before it is killed. */
const GRACE_MS = 5_000;
/** As much of its last words as an error message can bear. */
const WORDS = 4_000;

/**
 * Starts Chopsticks in a process of its own. Throws with the server's own words when it does not come up. The signal is heard until
 * it is up.
 */
export async function startServer(options: ServerOptions, signal?: AbortSignal): Promise<ServerProcess> {
  signal?.throwIfAborted();
  // no execArgv, no NODE_OPTIONS: a loader or an inspector of the parent is not meant for this process
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [SERVER], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  const words = lastWords(child);
  const abort = () => void end(child);
  signal?.addEventListener('abort', abort);
  try {
    child.send(options);
    const endpoint = await firstMessage(child, words);
    return { endpoint, pid: child.pid!, ended: gone(child), stop: () => end(child) };
  } catch (error) {
    await end(child);
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', abort);
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
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await gone(child);
  clearTimeout(killer);
}

async function gone(child: ChildProcess): Promise<void> {
  const running = child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  if (running) await once(child, 'exit');
}
