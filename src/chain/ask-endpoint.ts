import type { Millis } from '../core/release.ts';
import { numberOfHead } from './network/heads.ts';
import { hashOf, readValues } from './network/read-values.ts';
import { openSession, type Session } from './session/session.ts';
import { type Tuning, usualTuning } from './tuning.ts';
import { timeKey, timeOf } from './values/runtime.ts';

/** What one node says of itself. */
export interface EndpointAnswer {
  /** Until it could be asked, TLS included. */
  readonly connecting: Millis;
  /** For one small question and its answer; the better of two. */
  readonly answering: Millis;
  readonly genesis: string;
  /** The newest finalised block; `at`: by the chain's own clock. */
  readonly finalized: { readonly number: number; readonly at: Millis | null };
}

/**
 * Asks one endpoint, through a connection of its own that ends with the answer.
 * @throws VisorError `network` or `protocol`
 */
export async function askEndpoint(
  endpoint: string,
  signal: AbortSignal,
  tuning: Tuning = usualTuning,
): Promise<EndpointAnswer> {
  const began = performance.now();
  const session = await openSession(endpoint, tuning, signal);
  const connecting = performance.now() - began;
  try {
    return { connecting, ...(await Promise.race([questions(session), failure(session)])) };
  } finally {
    await session.disconnect();
  }
}

async function questions(session: Session): Promise<Omit<EndpointAnswer, 'connecting'>> {
  const asked = performance.now();
  const genesis = await hashOf(session, 0);
  const again = performance.now();
  await hashOf(session, 0);
  const answering = Math.min(again - asked, performance.now() - again);
  const number = numberOfHead(await newestHead(session));
  const values = await readValues(session, [timeKey], await hashOf(session, number));
  return { answering, genesis, finalized: { number, at: timeOf(values) } };
}

const newestHead = (session: Session): Promise<unknown> =>
  new Promise((resolve, reject) => {
    session
      .subscribe('chain_finalizedHead', 'chain_subscribeFinalizedHeads', [], (error: Error | null, head: unknown) =>
        error === null ? resolve(head) : reject(error),
      )
      .catch(reject);
  });

/** A node that says nothing more. */
const failure = async (session: Session): Promise<never> => {
  throw await session.over;
};
