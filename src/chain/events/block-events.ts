import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { late } from '../../late.ts';
import { eventsWorker, type Startable } from '../../own-program.ts';
import { within } from '../../within.ts';
import type { Tuning } from '../tuning.ts';
import type { ReleaseEvent } from './release-event.ts';

const decoder = late(eventsWorker);

/** What the worker is told, and what it needs to know of the network. */
export interface DecodeRequest {
  readonly endpoint: string;
  /** Of the block. */
  readonly hash: string;
  readonly tuning: Tuning;
  /** Its release events, or which call the extrinsic of this index is. */
  readonly wanted: 'events' | { readonly extrinsic: number };
}

/** Heap for the metadata and types of a runtime, generously; one that wants more is not decoded, and only the history lacks it. */
const HEAP_MB = 384;

/** The release events of a block. Throws an Error when they cannot be had in time; the abort ends it. */
export async function readEvents(
  endpoint: string,
  hash: string,
  tuning: Tuning,
  signal: AbortSignal,
): Promise<readonly ReleaseEvent[]> {
  return (await decoded({ endpoint, hash, tuning, wanted: 'events' }, signal)) as readonly ReleaseEvent[];
}

/** Which call an extrinsic of a block is, `section.method`. Throws an Error as above. */
export async function readCall(
  endpoint: string,
  hash: string,
  extrinsic: number,
  tuning: Tuning,
  signal: AbortSignal,
): Promise<string> {
  return (await decoded({ endpoint, hash, tuning, wanted: { extrinsic } }, signal)) as string;
}

/**
 * Decoded by `@polkadot/api` in a thread of its own: it takes 70 MB to load and throws where nobody can catch when a node
 * misbehaves (docs/architecture.md). Both end with the thread, as do its connection and its words.
 */
async function decoded(request: DecodeRequest, signal: AbortSignal): Promise<unknown> {
  const start = await (await decoder())();
  signal.throwIfAborted();
  const { tuning } = request;
  const worker = startWorker(start, request);
  // one more error on its way out would end the daemon if nobody heard it
  worker.on('error', () => undefined);
  try {
    const answers = await within(tuning.decode, signal, (own) => {
      const exit = once(worker, 'exit', { signal: own }).then((): never => {
        throw new Error('the decoder ended without an answer');
      });
      return Promise.race([once(worker, 'message', { signal: own }), exit]);
    });
    if (answers === null) throw new Error('it took too long');
    return answers[0];
  } finally {
    await worker.terminate();
  }
}

function startWorker(start: Startable, request: DecodeRequest): Worker {
  const options = {
    workerData: request,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  };
  if ('script' in start) return new Worker(start.script, { ...options, eval: true });
  if (!start.module.pathname.endsWith('.ts')) return new Worker(start.module, options);
  // run from the sources, as tests do: a thread does not inherit what compiles them
  const compiled = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(start.module.href)}); })`;
  return new Worker(compiled, { ...options, eval: true });
}
