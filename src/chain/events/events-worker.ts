import { parentPort, workerData } from 'node:worker_threads';
import { openSession } from '../session/session.ts';
import type { DecodeRequest } from './block-events.ts';
import { callAt, eventsOf } from './decode.ts';

const { endpoint, hash, tuning, wanted } = workerData as DecodeRequest;
const session = await openSession(endpoint, tuning, new AbortController().signal);
const failed = session.over.then((reason): never => {
  throw reason;
});
const answer = wanted === 'events' ? eventsOf(session, hash) : callAt(session, hash, wanted.extrinsic);
parentPort?.postMessage(await Promise.race([answer, failed]));
