import type { Release } from '../../core/release.ts';
import type { SourceReader, Values } from '../source.ts';
import { decoding } from './malformed.ts';
import { digest, end, readerOfHex, text } from './scale.ts';
import { blake2Concat, storageKey } from './storage-key.ts';

/**
 * Pallet `ClientsInfo` as it runs on Interlay, Kintsugi, Pendulum and Amplitude: maps `CurrentClientReleases` and
 * `PendingClientReleases` from a client's name to `{uri: bytes, checksum: H256}`. There is no version in it.
 */
export function clientsInfo(client: string): SourceReader {
  const key = blake2Concat(client);
  const current = storageKey('ClientsInfo', 'CurrentClientReleases', key);
  const pending = storageKey('ClientsInfo', 'PendingClientReleases', key);
  return {
    keys: [current, pending],
    current: (values) => releaseOf(values, current, `the current release of "${client}"`),
    pending: (values) => releaseOf(values, pending, `the pending release of "${client}"`),
  };
}

function releaseOf(values: Values, key: string, what: string): Release | null {
  const value = values.get(key) ?? null;
  return value === null ? null : decoding(`ClientsInfo: ${what}`, value, () => decodeRelease(value));
}

function decodeRelease(value: string): Release {
  const reader = readerOfHex(value);
  const uri = text(reader);
  const checksum = digest(reader);
  end(reader);
  if (!URL.canParse(uri)) throw new Error('its uri is no URL');
  return { checksum, uri, version: null };
}
