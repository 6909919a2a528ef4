import type { VisorError } from '../../errors.ts';
import type { ChainState, EndpointState } from '../network.ts';
import type { Reading } from './read-block.ts';

/** What is known of a network's connection, for status and metrics; nothing is decided by it but the backoff. */
export interface Standing {
  /** A session to a node of the right chain. */
  connected(endpoint: string, genesis: string | null): void;
  read(endpoint: string, reading: Reading): void;
  stalled(): void;
  /** Returns whether this is news of the endpoint: an outage of a week is to be one line in the log, not twenty thousand. */
  ended(endpoint: string, reason: VisorError): boolean;
  unreadable(): void;
  state(trouble: VisorError | null): ChainState;
}

type Facts = Omit<ChainState, 'endpoints' | 'trouble'>;

export function createStanding(endpoints: readonly string[], genesis: string | null, changed: () => void): Standing {
  let facts: Facts = {
    endpoint: null,
    connected: false,
    readable: null,
    genesis,
    specVersion: null,
    finalized: null,
    heardAt: null,
    reconnects: 0,
    stalls: 0,
  };
  let sessions = 0;
  const nodes = new Map<string, EndpointState>(
    endpoints.map((endpoint) => [endpoint, { endpoint, up: false, trouble: null }]),
  );
  const now = (more: Partial<Facts>) => {
    facts = { ...facts, ...more };
    changed();
  };

  return {
    connected: (endpoint, genesis) => {
      sessions += 1;
      now({ endpoint, connected: true, genesis, reconnects: sessions - 1 });
    },
    read: (endpoint, { block, specVersion }) => {
      nodes.set(endpoint, { endpoint, up: true, trouble: null });
      now({ readable: true, finalized: block, specVersion, heardAt: Date.now() });
    },
    stalled: () => now({ stalls: facts.stalls + 1 }),
    ended: (endpoint, reason) => {
      const isNews = nodes.get(endpoint)?.trouble !== reason.message;
      nodes.set(endpoint, { endpoint, up: false, trouble: reason.message });
      now({ connected: false });
      return isNews;
    },
    unreadable: () => now({ readable: false }),
    state: (trouble) => ({
      ...facts,
      trouble: trouble?.message ?? null,
      endpoints: endpoints.map((one) => nodes.get(one)!),
    }),
  };
}
