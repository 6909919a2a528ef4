import { type Migration, parseChecksum, type Terms } from '../../core/release.ts';
import { specVersionsOf } from '../../core/spec-versions.ts';
import { oneLine } from '../one-line.ts';
import { isObject, isPlainText } from './plain.ts';

/** A release skips fewer versions than that; a list that is longer is something else. */
const MOST_MIGRATIONS = 128;

/** What a manifest says of its release beside the bytes, as it stands there. */
export interface WrittenTerms {
  /** `[{"kind": "data", "checksum": "0x…", "uri"?, "to"?}]`, in the order in which they are done. */
  readonly migrations: unknown;
  /** `[1019000, [1020000, 1020003]]` */
  readonly specVersions: unknown;
  readonly urgent: unknown;
  readonly dataCompatible: unknown;
}

/** `refuse` makes the error that is thrown for what is none of these, of the words that say what is wrong. */
export function parseTerms(written: WrittenTerms, url: string, refuse: (what: string) => Error): Partial<Terms> {
  const { migrations = [], specVersions = [], urgent = false, dataCompatible = false } = written;
  if (typeof urgent !== 'boolean') throw refuse('has an "urgent" that is neither true nor false');
  if (typeof dataCompatible !== 'boolean') throw refuse('has a "dataCompatible" that is neither true nor false');
  if (!Array.isArray(migrations) || migrations.length > MOST_MIGRATIONS)
    throw refuse(`has "migrations" that are no list of at most ${MOST_MIGRATIONS}`);
  const ranges = specVersionsOf(specVersions);
  if (ranges === null) throw refuse('has "specVersions" that are no list such as [1019000, [1020000, 1020003]]');
  return {
    migrations: migrations.map((one, index) => migrationOf(one, `migrations[${index}]`, url, refuse)),
    specVersions: ranges,
    urgent,
    dataCompatible,
  };
}

function migrationOf(written: unknown, where: string, url: string, refuse: (what: string) => Error): Migration {
  if (!isObject(written)) throw refuse(`has ${where} that is no object`);
  const { kind, checksum, uri = null, to = null, ...others } = written;
  const unknown = Object.keys(others)[0];
  if (unknown !== undefined) throw refuse(`has an unknown key "${oneLine(unknown)}" in ${where}`);
  if (kind !== 'arguments' && kind !== 'data')
    throw refuse(`has ${where} whose "kind" is neither "arguments" nor "data"`);
  const digest = typeof checksum === 'string' ? parseChecksum(checksum) : null;
  if (digest === null) throw refuse(`has ${where} without a checksum of 64 hex digits`);
  if (uri !== null && (!isPlainText(uri) || !URL.canParse(uri, url))) throw refuse(`has ${where} without a usable uri`);
  if (to !== null && !isPlainText(to)) throw refuse(`has ${where} whose "to" is no plain text`);
  return { kind, checksum: digest, uri: uri === null ? null : new URL(uri, url).href, to };
}
