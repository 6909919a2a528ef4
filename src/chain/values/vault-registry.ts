import type { Migration, Release } from '../../core/release.ts';
import { order } from '../../core/versions.ts';
import type { SourceReader } from '../source.ts';
import { withTerms } from '../terms/terms.ts';
import { decoding } from './malformed.ts';
import { compact, digest, end, optional, type Reader, readerOfHex, text } from './scale.ts';
import { storageKey } from './storage-key.ts';
import { checkVersion, fillTemplate } from './url-template.ts';

/** Templates of the operator: where bytes lie is not on chain. `null`: only mirrors or the store can have a migration's. */
export interface RegistryUrls {
  readonly release: string;
  readonly migrations: string | null;
}

/** Versions with migrations; four times as many as the pallet keeps. What is longer is something else. */
const MOST_VERSIONS = 256;

/**
 * Pallet `VaultRegistry` as proposed in interbtc-clients issue 310: one item `{version: bytes, binary_checksum: H256}`, and beside it the
 * list `ReleaseMigrations` of `{version: bytes, arguments: Option<H256>, data: Option<H256>}`; a runtime without that list names none.
 */
export function vaultRegistry(urls: RegistryUrls, network: string): SourceReader {
  const key = storageKey('VaultRegistry', 'CurrentClientRelease');
  const migrationsKey = storageKey('VaultRegistry', 'ReleaseMigrations');
  return {
    keys: [key, migrationsKey],
    current: (values) => {
      const value = values.get(key) ?? null;
      if (value === null) return null;
      const release = decoding('VaultRegistry: the current client release', value, () =>
        decodeRelease(value, urls.release, network),
      );
      const list = values.get(migrationsKey) ?? null;
      if (list === null) return release;
      const migrations = decoding('VaultRegistry: the release migrations', list, () =>
        decodeMigrations(list, urls.migrations, network),
      );
      return withTerms(release, { migrations });
    },
    pending: () => null,
  };
}

function decodeRelease(value: string, template: string, network: string): Release {
  const reader = readerOfHex(value);
  const version = text(reader);
  const checksum = digest(reader);
  end(reader);
  return { checksum, uri: fillTemplate(template, { network, version }), version };
}

/**
 * All of them, the oldest version first: which lie on the way the rules say, and that the data have seen one to a later version is what tells
 * a release that is too old for them. One whose version says no order stays where it is.
 */
function decodeMigrations(value: string, template: string | null, network: string): readonly Migration[] {
  const reader = readerOfHex(value);
  const count = compact(reader);
  if (count > MOST_VERSIONS) throw new Error(`migrations to ${count} versions, more than ${MOST_VERSIONS}`);
  const migrations = Array.from({ length: count }, () => migrationsTo(reader, template, network)).flat();
  end(reader);
  return migrations.toSorted((a, b) => order(versioned(a), versioned(b)) ?? 0);
}

function migrationsTo(reader: Reader, template: string | null, network: string): readonly Migration[] {
  const version = checkVersion(text(reader));
  const checksums = { arguments: optional(reader, digest), data: optional(reader, digest) };
  return (['arguments', 'data'] as const).flatMap((kind): readonly Migration[] => {
    const checksum = checksums[kind];
    if (checksum === null) return [];
    const uri = template === null ? null : fillTemplate(template, { network, version, kind });
    return [{ kind, checksum, uri, to: version }];
  });
}

const versioned = ({ to }: Migration) => ({ version: to, uri: null });
