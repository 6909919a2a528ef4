import { setTimeout as sleep } from 'node:timers/promises';
import { followNetwork, type NetworkFeed, type NetworkOptions } from '../../src/chain/network.ts';
import type { Announcement, ChainSource } from '../../src/chain/source.ts';
import type { Tuning } from '../../src/chain/tuning.ts';
import type { VisorError } from '../../src/errors.ts';
import { silentLog } from '../../src/log.ts';

/** A network that is followed, and everything that was told of it, oldest first. */
export interface Watcher {
  readonly feed: NetworkFeed;
  readonly announced: readonly { readonly client: string; readonly announcement: Announcement }[];
  readonly troubles: readonly { readonly client: string | null; readonly error: VisorError | null }[];
  readonly remembered: readonly string[];
  /** The newest announcement of a client. */
  latest(client?: string): Announcement | null;
  /** The newest trouble of a client, or of the network. */
  trouble(client?: string | null): VisorError | null;
}

/** It comes back at once; how long it waits for an answer is as usual, for a busy machine is no broken node. */
export const eager: Partial<Tuning> = { backoff: { after: 5, max: 40 } };
/** For the tests that wait for its patience to end. */
export const impatient: Partial<Tuning> = { ...eager, handshake: 800, request: 800, ping: 100, pong: 700 };

export const vault: ReadonlyMap<string, ChainSource> = new Map([
  ['vault', { source: 'clients-info', client: 'vault' }],
]);

export function watcher(options: Partial<NetworkOptions> & Pick<NetworkOptions, 'endpoints'>): Watcher {
  const announced: { client: string; announcement: Announcement }[] = [];
  const troubles: { client: string | null; error: VisorError | null }[] = [];
  const remembered: string[] = [];
  const feed = followNetwork({
    network: 'dev',
    genesis: null,
    sources: vault,
    floor: null,
    log: silentLog,
    rememberGenesis: async (hash) => void remembered.push(hash),
    announced: (client, announcement) => void announced.push({ client, announcement }),
    trouble: (client, error) => void troubles.push({ client, error }),
    changed: () => undefined,
    tuning: eager,
    ...options,
  });
  return {
    feed,
    announced,
    troubles,
    remembered,
    latest: (client = 'vault') => announced.findLast((one) => one.client === client)?.announcement ?? null,
    trouble: (client = null) => troubles.findLast((one) => one.client === client)?.error ?? null,
  };
}

/** Waits until something is so; a test's own time-out ends it otherwise. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5);
}
