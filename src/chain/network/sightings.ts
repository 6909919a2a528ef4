import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Sighting } from '../source.ts';
import { type AccountId, accountKey, nonceOf } from '../values/account.ts';
import type { Reading } from './read-block.ts';

/** Tells what is read of the accounts of a network's clients: at every block, changed or not. */
export interface Sightings {
  keys(): readonly string[];
  /** By the client's key. */
  watch(accounts: ReadonlyMap<string, AccountId>): void;
  tell(reading: Reading): void;
}

type Listener = (client: string, sighting: Sighting) => void;

export function createSightings(seen: Listener, log: Log): Sightings {
  let watched: ReadonlyMap<string, AccountId> = new Map();
  let complained = false;

  const tellOne = (client: string, id: AccountId, { block, values }: Reading): void => {
    // one that came in during a read has nothing in it, which must not be taken for an account that signed nothing
    if (!values.has(accountKey(id))) return;
    try {
      seen(client, { block, nonce: nonceOf(values, id), exists: values.get(accountKey(id)) !== null });
    } catch (error) {
      // no release may be missed because of it
      if (!complained) log.warn({ client, reason: sentenceOf(error) }, 'what System.Account holds cannot be read');
      complained = true;
    }
  };

  return {
    keys: () => [...watched.values()].map(accountKey),
    watch: (accounts) => {
      watched = accounts;
    },
    tell: (reading) => {
      for (const [client, id] of watched) tellOne(client, id, reading);
    },
  };
}
