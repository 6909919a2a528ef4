import { parentPort, workerData } from 'node:worker_threads';
import { openSession } from '../session/session.ts';
import type { DecodeRequest } from './block-events.ts';
import { callAt, eventsOf } from './decode.ts';

// A function, not awaits of the module: the one file carries this as a script, which has none.
async function answer({ endpoint, hash, tuning, wanted }: DecodeRequest): Promise<void> {
  const session = await openSession(endpoint, tuning, new AbortController().signal);
  const failed = session.over.then((reason): never => {
    throw reason;
  });
  const answered = wanted === 'events' ? eventsOf(session, hash) : callAt(session, hash, wanted.extrinsic);
  parentPort?.postMessage(await Promise.race([answered, failed]));
}

// a refusal that nobody handles ends the thread, which is what is waited for
void answer(workerData as DecodeRequest);
