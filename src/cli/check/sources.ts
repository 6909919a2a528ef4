import { readManifestOnce } from '../../chain/manifest.ts';
import { readNetworkOnce } from '../../chain/read-once.ts';
import type { Announcement, ChainSource } from '../../chain/source.ts';
import type { ClientConfig, Config, NetworkConfig } from '../../config/settings.ts';
import { sentenceOf, VisorError } from '../../errors.ts';
import type { Home } from '../../layout.ts';
import type { Log } from '../../log.ts';
import { loadGenesis } from '../../store/genesis-record.ts';

/** What a client's source says now, or why it cannot be read. */
export type Said =
  | { readonly announcement: Announcement; readonly trouble: null }
  | { readonly announcement: null; readonly trouble: string };

export interface Reading {
  readonly config: ClientConfig;
  readonly said: Said;
}

export interface Reader {
  readonly home: Home;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** Reads the sources of these clients once, each network by one connection; nothing is kept. In the order of the clients. */
export async function readSources(
  { networks }: Config,
  wanted: readonly ClientConfig[],
  reader: Reader,
): Promise<readonly Reading[]> {
  const chains = new Map(
    networks.map((network) => {
      const clients = wanted.filter(({ network: name }) => name === network.name);
      return [network.name, readChain(network, clients, reader)] as const;
    }),
  );
  return Promise.all(
    wanted.map(async (config) => {
      const { network, client, source } = config;
      const said =
        source.source === 'manifest'
          ? await readManifest(source.url, reader)
          : ((await chains.get(network))?.(client) ?? unread('its network is not in the file'));
      return { config, said };
    }),
  );
}

async function readManifest(url: string, { signal }: Reader): Promise<Said> {
  try {
    return { announcement: await readManifestOnce(url, signal), trouble: null };
  } catch (error) {
    return unread(troubleOf(error));
  }
}

/** Answers for each client of the network. */
async function readChain(
  network: NetworkConfig,
  clients: readonly ClientConfig[],
  { home, log, signal }: Reader,
): Promise<(client: string) => Said> {
  const sources = new Map<string, ChainSource>(
    clients.flatMap(({ client, source }) => (source.source === 'manifest' ? [] : [[client, source]])),
  );
  if (sources.size === 0) return () => unread('no chain names its release');
  try {
    const genesis = network.genesis ?? (await loadGenesis(home.genesis(network.name)))?.hash ?? null;
    const { name, endpoints } = network;
    const read = await readNetworkOnce({ network: name, endpoints, genesis, sources, log }, signal);
    return (client) => {
      const announcement = read.announcements.get(client);
      return announcement === undefined
        ? unread(troubleOf(read.troubles.get(client) ?? 'the chain did not answer for it'))
        : { announcement, trouble: null };
    };
  } catch (error) {
    return () => unread(troubleOf(error));
  }
}

const unread = (trouble: string): Said => ({ announcement: null, trouble });

const troubleOf = (error: unknown): string =>
  error instanceof VisorError ? `${error.message}. ${error.next}` : sentenceOf(error);
