import type { Verdict, Waits } from './verdict.ts';

/** In the order in which they are asked: what costs nothing to ask before what takes something. */
export const gateOrder = ['chain', 'window', 'minAge', 'rollout', 'metric', 'fleetLock', 'drain'] as const;

export type GateName = (typeof gateOrder)[number];

export interface Gate {
  readonly name: GateName;
  /** What is waited for while it is asked, where that may take long. */
  readonly asking?: () => string;
  ask(signal: AbortSignal): Promise<Verdict>;
}

/** Who is told how a round goes. */
export interface Telling {
  /** Each gate, before it is asked. */
  asks(gate: Gate): void;
  /** One that opens in spite of what it would wait for. */
  although(gate: GateName, words: string): void;
}

export interface Waiting {
  readonly gate: GateName;
  readonly wait: Waits;
}

/**
 * Asks one gate after the other; the first that waits ends the round, and the next round begins with the first gate again: what was open may have
 * closed meanwhile. `null`: all are open.
 */
export async function askAll(gates: readonly Gate[], signal: AbortSignal, tell: Telling): Promise<Waiting | null> {
  for (const gate of gates) {
    tell.asks(gate);
    const verdict = await gate.ask(signal);
    signal.throwIfAborted();
    if (verdict.is === 'waits') return { gate: gate.name, wait: verdict };
    if (verdict.although !== undefined) tell.although(gate.name, verdict.although);
  }
  return null;
}
