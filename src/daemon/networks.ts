import type { ReleaseEvent } from '../chain/events/release-event.ts';
import type { ManifestOptions } from '../chain/manifest.ts';
import type { ChainState, NetworkFeed } from '../chain/network.ts';
import type { Announcement, Block, ChainSource, Sighting } from '../chain/source.ts';
import type { SourceConfig } from '../config/settings.ts';
import { sentenceOf, VisorError } from '../errors.ts';
import { late } from '../late.ts';
import type { Home } from '../layout.ts';
import type { Log } from '../log.ts';
import { chainIdentity } from './chain-identity.ts';

const chains = late(() => import('../chain/network.ts'));
const manifests = late(() => import('../chain/manifest.ts'));

/** What is to be followed of one network. */
export interface NetworkPlan {
  readonly name: string;
  readonly endpoints: readonly string[];
  readonly genesis: string | null;
  readonly sources: ReadonlyMap<string, SourceConfig>;
  /** The accounts of its clients. */
  readonly accounts: ReadonlyMap<string, string>;
  /** The highest finalised block that any of its instances acted on. */
  readonly floor: number | null;
}

/** All sources of a daemon: one connection for each network, a poll for each manifest. */
export interface Networks {
  follow(plans: readonly NetworkPlan[]): Promise<void>;
  state(network: string): ChainState | null;
  /** Why the source of a client cannot be read; `null`: it was read and is well. */
  trouble(network: string, client: string): string | null;
  last(network: string, client: string): Announcement | null;
  /** Questions to the node that is connected just now. @throws VisorError `network` where none is followed */
  ask(network: string): NetworkFeed['ask'];
  stop(): Promise<void>;
}

export interface Following {
  readonly home: Home;
  readonly log: Log;
  announced(network: string, client: string, announcement: Announcement): void;
  seen(network: string, client: string, sighting: Sighting): void;
  decoded(network: string, client: string, events: readonly ReleaseEvent[], block: Block): void;
}

interface Followed {
  readonly key: string;
  readonly plan: NetworkPlan;
  readonly feed: NetworkFeed | null;
  readonly manifests: Map<
    string,
    { readonly key: string; readonly abort: AbortController; readonly done: Promise<void> }
  >;
}

export function createNetworks(on: Following): Networks {
  const followed = new Map<string, Followed>();
  const last = new Map<string, Announcement>();
  const troubles = new Map<string, string>();

  function announced(network: string, client: string, announcement: Announcement): void {
    last.set(`${network}/${client}`, announcement);
    troubles.delete(`${network}/${client}`);
    on.announced(network, client, announcement);
  }

  function troubled(place: string, error: VisorError | null): void {
    if (error === null) troubles.delete(place);
    else troubles.set(place, `${error.message}. ${error.next}`);
  }

  async function open(plan: NetworkPlan): Promise<Followed> {
    const sources = chainSources(plan);
    const log = on.log.child({ network: plan.name });
    const chain = await chainIdentity(on.home, plan, log);
    const feed = !readsChain(plan)
      ? null
      : // loaded while the first clients are being started: they need not wait for it
        (await chains()).followNetwork({
          network: plan.name,
          endpoints: plan.endpoints,
          genesis: chain.genesis,
          rememberGenesis: chain.remember,
          sources,
          accounts: plan.accounts,
          floor: chain.floor,
          log,
          announced: (client, announcement) => {
            announced(plan.name, client, announcement);
            chain.met();
          },
          seen: (client, sighting) => on.seen(plan.name, client, sighting),
          trouble: (client, error) => troubled(client === null ? plan.name : `${plan.name}/${client}`, error),
          decoded: (client, events, block) => on.decoded(plan.name, client, events, block),
          changed: () => {},
        });
    return { key: keyOf(plan), plan, feed, manifests: new Map() };
  }

  function followManifests(here: Followed, plan: NetworkPlan): void {
    const wanted = new Map(
      [...plan.sources].flatMap(([client, source]) =>
        source.source === 'manifest' ? [[client, source] as const] : [],
      ),
    );
    for (const [client, { key, abort }] of here.manifests) {
      const source = wanted.get(client);
      if (source && JSON.stringify(source) === key) continue;
      abort.abort();
      here.manifests.delete(client);
      last.delete(`${plan.name}/${client}`);
    }
    for (const [client, source] of wanted) {
      if (here.manifests.has(client)) continue;
      const abort = new AbortController();
      const options: ManifestOptions = {
        url: source.url,
        interval: source.interval,
        log: on.log.child({ network: plan.name, client }),
        announced: (announcement) => announced(plan.name, client, announcement),
        trouble: (error) => troubled(`${plan.name}/${client}`, error),
      };
      const done = follow(options, abort.signal).catch((error: unknown) =>
        on.log.error({ reason: sentenceOf(error) }, 'a manifest is no longer followed'),
      );
      here.manifests.set(client, { key: JSON.stringify(source), abort, done });
    }
  }

  async function close(here: Followed): Promise<void> {
    for (const { abort } of here.manifests.values()) abort.abort();
    await Promise.all([here.feed?.stop(), ...[...here.manifests.values()].map(({ done }) => done)]);
    troubles.delete(here.plan.name);
  }

  return {
    async follow(plans) {
      const names = new Set(plans.map(({ name }) => name));
      for (const [name, here] of followed) {
        const plan = plans.find((p) => p.name === name);
        if (names.has(name) && plan && keyOf(plan) === here.key && (here.feed !== null || !readsChain(plan))) continue;
        followed.delete(name);
        await close(here);
      }
      for (const plan of plans) {
        const here = followed.get(plan.name) ?? (await open(plan));
        followed.set(plan.name, { ...here, plan });
        here.feed?.watch(chainSources(plan), plan.accounts);
        followManifests(here, plan);
      }
    },
    state: (network) => followed.get(network)?.feed?.state() ?? null,
    trouble(network, client) {
      const here = followed.get(network);
      const known = troubles.get(`${network}/${client}`) ?? null;
      if (known !== null || here === undefined) return known;
      if (here.plan.sources.get(client)?.source === 'manifest')
        return last.has(`${network}/${client}`) ? null : 'the manifest was not read yet';
      if (here.feed?.state().readable === false) return troubles.get(network) ?? 'no endpoint can be read';
      return last.has(`${network}/${client}`) ? null : 'the chain was not read yet';
    },
    last: (network, client) => last.get(`${network}/${client}`) ?? null,
    ask(network) {
      const feed = followed.get(network)?.feed ?? null;
      if (feed !== null) return feed.ask;
      throw new VisorError('network', `${network} is not followed`, 'Name its endpoints in the args file.');
    },
    async stop() {
      await Promise.all([...followed.values()].map(close));
      followed.clear();
    },
  };
}

async function follow(options: ManifestOptions, signal: AbortSignal): Promise<void> {
  const { followManifest } = await manifests();
  return followManifest(options, signal);
}

/** A release of it is named on chain, or an account of it is watched there. */
const readsChain = (plan: NetworkPlan): boolean =>
  chainSources(plan).size > 0 || (plan.accounts.size > 0 && plan.endpoints.length > 0);

const keyOf = ({ endpoints, genesis }: NetworkPlan) => JSON.stringify([endpoints, genesis]);

function chainSources({ sources }: NetworkPlan): ReadonlyMap<string, ChainSource> {
  return new Map(
    [...sources].flatMap(([client, source]) => (source.source === 'manifest' ? [] : [[client, source] as const])),
  );
}
