import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, jittered } from '../../core/backoff.ts';
import type { VisorError } from '../../errors.ts';

/** How one endpoint's session ended. */
export interface Visited {
  readonly reason: VisorError;
  /** It answered a read before. */
  readonly answered: boolean;
}

export interface Rounds {
  readonly endpoints: readonly string[];
  readonly backoff: Backoff;
  visit(endpoint: string): Promise<Visited>;
  /** Each endpoint failed in turn since one last answered. */
  hopeless(reason: VisorError): void;
}

/**
 * Session after session, endpoint after endpoint, until the abort. The wait between two doubles with every session that
 * answered nothing, and begins anew with one that did.
 */
export async function goRound({ endpoints, backoff, visit, hopeless }: Rounds, signal: AbortSignal): Promise<void> {
  let failures = 0;
  for (let turn = 0; !signal.aborted; turn += 1) {
    const { reason, answered } = await visit(endpoints[turn % endpoints.length]!);
    if (signal.aborted) return;
    failures = answered ? 0 : failures + 1;
    if (failures >= endpoints.length) hopeless(reason);
    await sleep(jittered(backoff, failures, Math.random()), undefined, { signal }).catch(() => undefined);
  }
}
