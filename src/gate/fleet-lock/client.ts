import { bodyHead } from '../../body-head.ts';
import type { Millis } from '../../core/release.ts';
import { printable, sentenceOf } from '../../errors.ts';
import { late } from '../../late.ts';
import { within } from '../../within.ts';
import { answerOf, type LockAnswer } from './answer.ts';

const http = late(() => import('../../http-client.ts'));

/** One place in a group of which only so many may be away at a time. */
export interface FleetSlot {
  /** Of the server, without `/v1/…`. */
  readonly url: string;
  readonly group: string;
  /** Who asks. */
  readonly id: string;
}

/** `pre-reboot` asks for a slot, `steady-state` gives it back. */
export type LockVerb = 'pre-reboot' | 'steady-state';

/** One of the servers has no time limit of its own (measured: no answer while its store is frozen). */
export const ANSWER_LIMIT: Millis = 10_000;

/** Far more than any answer; a proxy's page is not read to its end. */
const BODY_CAP = 4_096;

/**
 * Asks a FleetLock server. Every trouble is an answer; no redirect is followed.
 * @throws only when the signal aborts
 */
export async function askFleetLock(verb: LockVerb, slot: FleetSlot, signal: AbortSignal): Promise<LockAnswer> {
  signal.throwIfAborted();
  try {
    const answer = await within(ANSWER_LIMIT, signal, (own) => post(verb, slot, own));
    return answer ?? { is: 'notNow', why: `no answer within ${ANSWER_LIMIT / 1_000} s` };
  } catch (error) {
    signal.throwIfAborted();
    return { is: 'notNow', why: printable(sentenceOf(error)) };
  }
}

async function post(verb: LockVerb, { url, group, id }: FleetSlot, signal: AbortSignal): Promise<LockAnswer> {
  const { Client } = await http();
  const { origin, pathname } = new URL(url);
  const client = new Client(origin);
  try {
    const { statusCode, body } = await client.request({
      method: 'POST',
      path: `${pathname.replace(/\/+$/, '')}/v1/${verb}`,
      headers: { 'fleet-lock-protocol': 'true', 'content-type': 'application/json' },
      body: JSON.stringify({ client_params: { id, group } }),
      signal,
    });
    return answerOf(statusCode, printable(await bodyHead(body, BODY_CAP)));
  } finally {
    await client.destroy();
  }
}
