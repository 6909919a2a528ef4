import type { Millis, SpecVersion } from '../core/release.ts';
import { VisorError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ReleaseEvent } from './events/release-event.ts';
import { createFeed } from './network/feed.ts';
import type { Rise } from './network/find-signed.ts';
import type { Announcement, Block, ChainSource, Sighting, SignedExtrinsic } from './source.ts';
import { type Tuning, usualTuning } from './tuning.ts';
import type { AccountId } from './values/account.ts';

export interface NetworkOptions {
  readonly network: string;
  /** `ws:` and `wss:` URLs, asked in turn; at least one. */
  readonly endpoints: readonly string[];
  /** Hash of block 0, pinned or remembered; `null` before the first contact. */
  readonly genesis: string | null;
  /** Keeps the genesis of the first contact. Nothing is read until it resolves. */
  rememberGenesis(hash: string): Promise<void>;
  /** By the client's key. */
  readonly sources: ReadonlyMap<string, ChainSource>;
  /** The accounts that clients sign with, by the client's key. */
  readonly accounts?: ReadonlyMap<string, AccountId>;
  /** The highest finalised block that was acted on before, from disk: nothing below it is believed. */
  readonly floor: number | null;
  readonly tuning?: Partial<Tuning>;
  readonly log: Log;
  /** Told for every client after every connection, and when anything but the block changed. */
  announced(client: string, announcement: Announcement): void;
  /** Told for every account at every finalised block that is read. */
  seen?(client: string, sighting: Sighting): void;
  /** `client`: its value does not decode; `null`: the network cannot be read or believed. `error` `null`: it is well again. */
  trouble(client: string | null, error: VisorError | null): void;
  /** For the history, when it can be had: the release events of a block in which this client's releases changed. */
  decoded?(client: string, events: readonly ReleaseEvent[], block: Block): void;
  /** `state()` is another. */
  changed(): void;
}

/** Follows one network for all its clients until `stop()`. */
export interface NetworkFeed {
  /** Other sources and accounts from now on; those that are new or changed are read at once. */
  watch(sources: ReadonlyMap<string, ChainSource>, accounts?: ReadonlyMap<string, AccountId>): void;
  state(): ChainState;
  /** What is asked of the node that is connected just now. Each throws an Error or a VisorError: without a connection, or as the node fails. */
  readonly ask: {
    /** The number of its newest block, final or not. */
    newest(): Promise<number>;
    /** How soon one block follows the other, at this finalised block. */
    pace(number: number): Promise<Millis>;
    /** The extrinsic that made a nonce rise, and which call it is where that can be had (`section.method`). */
    signed(rise: Rise): Promise<SignedExtrinsic & { readonly call: string | null }>;
  };
  /** Resolves when everything has ended; no callback comes after the call. */
  stop(): Promise<void>;
}

export interface ChainState {
  /** As written in the configuration; `null` before the first session. */
  readonly endpoint: string | null;
  readonly connected: boolean;
  /** Whether the last try answered a read; `false` once every endpoint failed in turn; `null`: not known yet. */
  readonly readable: boolean | null;
  readonly genesis: string | null;
  readonly specVersion: SpecVersion;
  readonly finalized: Block | null;
  /** When a read was last answered. */
  readonly heardAt: Millis | null;
  readonly trouble: string | null;
  readonly endpoints: readonly EndpointState[];
  /** Sessions after the first. */
  readonly reconnects: number;
  /** Sessions that ended for want of a higher block. */
  readonly stalls: number;
}

export interface EndpointState {
  readonly endpoint: string;
  /** Its present session answered a read. */
  readonly up: boolean;
  /** Why its last session ended; `null` while it is up or was never tried. */
  readonly trouble: string | null;
}

/** One connection for all clients of a network. Throws a VisorError (`config`) without endpoints. */
export function followNetwork(options: NetworkOptions): NetworkFeed {
  if (options.endpoints.length === 0) {
    throw new VisorError(
      'config',
      `networks.${options.network} has no endpoints`,
      'Name at least one node of the network in `endpoints`.',
    );
  }
  return createFeed(options, { ...usualTuning, ...options.tuning });
}
