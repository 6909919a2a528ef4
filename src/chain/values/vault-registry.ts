import type { Release } from '../../core/release.ts';
import type { SourceReader } from '../source.ts';
import { decoding } from './malformed.ts';
import { digest, end, readerOfHex, text } from './scale.ts';
import { storageKey } from './storage-key.ts';
import { fillTemplate } from './url-template.ts';

/**
 * Pallet `VaultRegistry` as proposed in interbtc-clients issue 310: one item `{version: bytes, binary_checksum: H256}`.
 * Where the bytes lie is not on chain; a template of the operator says it.
 */
export function vaultRegistry(template: string, network: string): SourceReader {
  const key = storageKey('VaultRegistry', 'CurrentClientRelease');
  return {
    keys: [key],
    current: (values) => {
      const value = values.get(key) ?? null;
      if (value === null) return null;
      return decoding('VaultRegistry: the current client release', value, () =>
        decodeRelease(value, template, network),
      );
    },
    pending: () => null,
  };
}

function decodeRelease(value: string, template: string, network: string): Release {
  const reader = readerOfHex(value);
  const version = text(reader);
  const checksum = digest(reader);
  end(reader);
  return { checksum, uri: fillTemplate(template, network, version), version };
}
