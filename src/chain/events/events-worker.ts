import { parentPort, workerData } from 'node:worker_threads';
import { openSession } from '../session/session.ts';
import type { EventsRequest } from './block-events.ts';
import { eventsOf } from './decode.ts';

const { endpoint, hash, tuning } = workerData as EventsRequest;
const session = await openSession(endpoint, tuning, new AbortController().signal);
const failed = session.over.then((reason): never => {
  throw reason;
});
parentPort?.postMessage(await Promise.race([eventsOf(session, hash), failed]));
