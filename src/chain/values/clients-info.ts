import type { Migration, MigrationKind, Release } from '../../core/release.ts';
import type { SourceReader, Values } from '../source.ts';
import { migrationWords, releaseWords } from '../terms/fragment.ts';
import { withTerms } from '../terms/terms.ts';
import { decoding } from './malformed.ts';
import { digest, end, readerOfHex, text } from './scale.ts';
import { blake2Concat, storageKey } from './storage-key.ts';

/** An entry of one of the maps: its key, and what people call it. */
interface Place {
  readonly key: string;
  readonly what: string;
}

/** Where a release may stand, and where its migrations may, the best place first. */
interface Places {
  readonly release: Place;
  readonly migrations: Readonly<Record<MigrationKind, readonly Place[]>>;
}

const kinds = ['arguments', 'data'] as const;

/**
 * Pallet `ClientsInfo` as it runs on Interlay, Kintsugi, Pendulum and Amplitude: maps `CurrentClientReleases` and
 * `PendingClientReleases` from a client's name to `{uri: bytes, checksum: H256}`. There is no version in it, and no migration: those are
 * entries of further names, `<client>/migrate-arguments` and `<client>/migrate-data`, and what else there is to say stands in the fragment
 * of the uri (terms/fragment.ts).
 */
export function clientsInfo(client: string): SourceReader {
  const named = (map: 'current' | 'pending', name: string): Place => ({
    key: storageKey(
      'ClientsInfo',
      map === 'current' ? 'CurrentClientReleases' : 'PendingClientReleases',
      blake2Concat(name),
    ),
    what: `the ${map} release of "${name}"`,
  });
  const migration = (map: 'current' | 'pending', kind: MigrationKind) => named(map, `${client}/migrate-${kind}`);
  const current: Places = {
    release: named('current', client),
    migrations: { arguments: [migration('current', 'arguments')], data: [migration('current', 'data')] },
  };
  // what is pending becomes current in one block; a migration of it may be there before
  const pending: Places = {
    release: named('pending', client),
    migrations: {
      arguments: [migration('pending', 'arguments'), ...current.migrations.arguments],
      data: [migration('pending', 'data'), ...current.migrations.data],
    },
  };
  const { migrations } = pending;
  const places = [current.release, pending.release, ...migrations.arguments, ...migrations.data];
  return {
    keys: places.map(({ key }) => key),
    current: (values) => releaseAt(values, current),
    pending: (values) => releaseAt(values, pending),
  };
}

function releaseAt(values: Values, { release, migrations: places }: Places): Release | null {
  const found = entryAt(values, release, releaseWords);
  if (found === null) return null;
  const { checksum, uri, version, needs, ...said } = found;
  const migrations = kinds.flatMap((kind) => migrationAt(values, places[kind], kind, checksum));
  const missing = needs.filter((kind) => migrations.every((migration) => migration.kind !== kind));
  return withTerms({ checksum, uri, version }, { ...said, migrations, missing });
}

/** The entry counts only for the release that its uri names: the entry of a former release is no migration to the next one. */
function migrationAt(values: Values, places: readonly Place[], kind: MigrationKind, of: string): readonly Migration[] {
  for (const place of places) {
    const entry = entryAt(values, place, migrationWords);
    if (entry?.of === of) return [{ kind, checksum: entry.checksum, uri: entry.uri, to: null }];
  }
  return [];
}

/** What an entry says, by its value and by the fragment of its uri. Throws a VisorError (`protocol`) where it does not decode. */
function entryAt<Words extends { readonly uri: string }>(
  values: Values,
  { key, what }: Place,
  wordsOf: (uri: string) => Words,
): (Words & { readonly checksum: string }) | null {
  const value = values.get(key) ?? null;
  if (value === null) return null;
  return decoding(`ClientsInfo: ${what}`, value, () => {
    const reader = readerOfHex(value);
    const uri = text(reader);
    const checksum = digest(reader);
    end(reader);
    if (!URL.canParse(uri)) throw new Error('its uri is no URL');
    return { ...wordsOf(uri), checksum };
  });
}
