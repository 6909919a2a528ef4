import { type Checksum, type MigrationKind, parseChecksum } from '../../core/release.ts';
import { parseSpecVersions, type SpecRange } from '../../core/spec-versions.ts';
import { isVersion } from './version.ts';

/**
 * `ClientsInfo` has no fields for it, so what governance says of a release beside its bytes stands in the fragment of its uri, joined by
 * `&`; a fragment never reaches a server. Words that are not ours stay where they are.
 */
export interface ReleaseWords {
  /** As it is downloaded and shown: without our words. */
  readonly uri: string;
  /** `needs=migrate-data,migrate-arguments` */
  readonly needs: readonly MigrationKind[];
  /** `specs=1019000-1019003,1020000` */
  readonly specVersions: readonly SpecRange[];
  /** `urgent` */
  readonly urgent: boolean;
  /** `data=compatible` */
  readonly dataCompatible: boolean;
  /** `version=1.24.0` */
  readonly version: string | null;
}

/** What the uri of a migration's entry says. `of`: the release that it leads to (`for=0x…`); `null`: none, so it counts for none. */
export interface MigrationWords {
  readonly uri: string;
  readonly of: Checksum | null;
}

/** Throws an Error with words where one of ours has a value that it cannot have, or stands twice. */
export function releaseWords(text: string): ReleaseWords {
  const { uri, words } = split(text, ['needs', 'specs', 'urgent', 'data', 'version']);
  return {
    uri,
    needs: read(words, 'needs', kindsOf, 'migrate-arguments, migrate-data or both') ?? [],
    specVersions: read(words, 'specs', specsOf, 'spec versions such as 1019000-1019003,1020000') ?? [],
    urgent: read(words, 'urgent', isBare, 'nothing') ?? false,
    dataCompatible: read(words, 'data', isCompatible, '"compatible"') ?? false,
    version: read(words, 'version', versionOf, 'letters, digits and . _ + -') ?? null,
  };
}

/** Throws an Error with words where its `for` is no checksum, or stands twice. */
export function migrationWords(text: string): MigrationWords {
  const { uri, words } = split(text, ['for']);
  return { uri, of: read(words, 'for', checksumOf, 'a checksum: 0x and 64 hex digits') ?? null };
}

/** By its key; a word without `=` has `null`. */
type Words = ReadonlyMap<string, string | null>;

function split(text: string, ours: readonly string[]): { uri: string; words: Words } {
  const at = text.indexOf('#');
  const parts = at < 0 ? [] : text.slice(at + 1).split('&');
  const words = new Map<string, string | null>();
  const others = parts.filter((part) => {
    const [key = '', ...value] = part.split('=');
    if (!ours.includes(key)) return true;
    if (words.has(key)) throw new Error(`the fragment of its uri says "${key}" twice`);
    words.set(key, value.length === 0 ? null : value.join('='));
    return false;
  });
  if (words.size === 0) return { uri: text, words };
  return { uri: others.length === 0 ? text.slice(0, at) : `${text.slice(0, at)}#${others.join('&')}`, words };
}

/** `null`: the word is not there. */
function read<T>(
  words: Words,
  key: string,
  parse: (value: string | null) => T | null,
  wanted: string,
): Exclude<T, null> | null {
  const value = words.get(key);
  if (value === undefined) return null;
  const parsed = parse(value);
  if (parsed !== null) return parsed as Exclude<T, null>;
  const said = value === null ? key : `${key}=${value}`;
  throw new Error(`the fragment of its uri says "${said}", and "${key}" takes ${wanted}`);
}

const isBare = (value: string | null): true | null => (value === null ? true : null);
const isCompatible = (value: string | null): true | null => (value === 'compatible' ? true : null);
const specsOf = (value: string | null) => (value === null ? null : parseSpecVersions(value));
const versionOf = (value: string | null) => (value !== null && isVersion(value) ? value : null);
const checksumOf = (value: string | null) => (value === null ? null : parseChecksum(value));

const names: ReadonlyMap<string, MigrationKind> = new Map([
  ['migrate-arguments', 'arguments'],
  ['migrate-data', 'data'],
]);

function kindsOf(value: string | null): readonly MigrationKind[] | null {
  const kinds = (value ?? '').split(',').flatMap((name) => names.get(name) ?? []);
  return kinds.length === (value ?? '').split(',').length ? [...new Set(kinds)] : null;
}
