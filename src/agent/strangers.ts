import { setTimeout as pause } from 'node:timers/promises';
import { parseSs58 } from '../config/ss58.ts';
import { besideStranger } from '../core/instance-status.ts';
import { lookForStrangers } from '../process/strangers/look.ts';
import type { Order } from './protocol.ts';

/** Nobody tells when a stranger leaves. */
const AGAIN = 10_000;

/** An account as a command line may have it. */
const SS58 = /^[1-9A-HJ-NP-Za-km-z]{46,50}$/;

export class StrangersHere extends Error {}

/**
 * The last question before a spawn, asked when every lock is ours: does a client of this account run that vaultvisor did not start? The agent sees the
 * processes of its own container, or of the pod, and no others.
 * @throws StrangersHere where one does, and the operator did not say that it is to be ignored
 */
export async function refuseStrangers(
  { strangers }: Order,
  identity: string,
  blocked: (words: string) => void,
): Promise<void> {
  const { policy, account } = strangers;
  if (policy === 'ignore') return;
  const isAccount = (text: string): boolean =>
    text.toLowerCase() === account || (SS58.test(text) && parseSs58(text) === account);
  const traces = { ...strangers, isAccount: account === null ? null : isAccount };
  const found = await lookForStrangers(traces, { since: null, units: true }, identity);
  if (found.strangers.length === 0) return;
  const who = found.strangers.map(({ words, end }) => `${words}: \`${end}\` ends it`).join('; ');
  blocked(`${besideStranger}: ${who}; it is looked at again every 10 s`);
  throw new StrangersHere();
}

/** Runs what starts the client, again and again while strangers are here: every lock is free meanwhile. */
export async function withoutStrangers<T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof StrangersHere)) throw error;
      await pause(AGAIN, undefined, { signal });
    }
  }
}
