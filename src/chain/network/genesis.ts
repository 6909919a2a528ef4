import { VisorError } from '../../errors.ts';
import type { Session } from '../session/session.ts';
import { hashOf } from './read-values.ts';

/** The chain that a network is, by the hash of its block 0: configured, remembered, or that of the first contact. */
export interface Genesis {
  current(): string | null;
  /** What is wrong with a node of another chain, of which nothing is to be used; `null`: it is ours. */
  prove(session: Session): Promise<VisorError | null>;
}

/** `remember` is awaited before anything else is read: what is not kept could be another chain's the next time. */
export function createGenesis(known: string | null, remember: (hash: string) => Promise<void>): Genesis {
  let genesis = known?.toLowerCase() ?? null;
  return {
    current: () => genesis,
    prove: async (session) => {
      const hash = await hashOf(session, 0);
      if (genesis === null) {
        await remember(hash);
        genesis = hash;
      }
      return hash === genesis ? null : foreign(session.host, hash, genesis);
    },
  };
}

function foreign(host: string, hash: string, genesis: string): VisorError {
  const what = `${host} serves another chain: its genesis is ${hash}, not ${genesis}`;
  return new VisorError(
    'protocol',
    what,
    'Nothing of it is used. Correct the endpoint, or, for a network that was reset, the `genesis` of the network.',
  );
}
