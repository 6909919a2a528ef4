import type { Millis, Release, SpecVersion } from '../core/release.ts';
import { clientsInfo } from './values/clients-info.ts';
import { vaultRegistry } from './values/vault-registry.ts';

/**
 * Which place on a chain names a client's release. `url`: a template over `{network}` `{version}` `{os}` `{arch}`; `migrations`: the same,
 * with `{kind}` too, of the migrations that lead to a version.
 */
export type ChainSource =
  | { readonly source: 'clients-info'; readonly client: string }
  | { readonly source: 'vault-registry'; readonly url: string; readonly migrations?: string | null };

/** A JSON file or document beside any chain. */
export interface ManifestSource {
  source: 'manifest';
  /** `file:` or `https:`; `http:` where the configuration allowed it. */
  url: string;
  interval: Millis;
}

/** A finalised block. `at`: its `Timestamp.Now`; `null` where the runtime has none. */
export interface Block {
  readonly number: number;
  readonly hash: string;
  readonly at: Millis | null;
}

/** What a client's account was at a finalised block. */
export interface Sighting {
  readonly block: Block;
  /** How many of its extrinsics the chain had by then. */
  readonly nonce: number;
  /** Whether the chain knows it at all. */
  readonly exists: boolean;
}

/** An extrinsic of an account in a finalised block. */
export interface SignedExtrinsic {
  readonly block: { readonly number: number; readonly hash: string };
  /** `null`: the block holds none that shows the account openly (a proxy, an index in place of the address). */
  readonly extrinsic: { readonly index: number; readonly hash: string } | null;
}

/** What a source says now, all of it read at one finalised block (`null`: a manifest has none). */
export interface Announcement {
  readonly current: Release | null;
  /** What becomes current with the next runtime. */
  readonly pending: Release | null;
  readonly specVersion: SpecVersion;
  /** A runtime upgrade is announced, or its code waits, and it is not yet in force. */
  readonly upgradeAhead: boolean;
  readonly block: Block | null;
}

/** Storage values of one block, hex by key; `null` where nothing is stored. */
export type Values = ReadonlyMap<string, string | null>;

/**
 * How a source is read: the keys it needs, and what their values say.
 * `current` and `pending` throw a VisorError (`protocol`) on a value that does not decode.
 */
export interface SourceReader {
  readonly keys: readonly string[];
  current(values: Values): Release | null;
  pending(values: Values): Release | null;
}

export function readerOf(source: ChainSource, network: string): SourceReader {
  switch (source.source) {
    case 'clients-info':
      return clientsInfo(source.client);
    case 'vault-registry':
      return vaultRegistry({ release: source.url, migrations: source.migrations ?? null }, network);
  }
}
