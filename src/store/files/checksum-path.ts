import { join } from 'node:path';
import { type Checksum, parseChecksum } from '../../core/release.ts';
import { VisorError } from '../../errors.ts';
import type { Store } from '../../layout.ts';

/** Where the verified bytes of a checksum lie. */
export const verifiedPath = (store: Store, checksum: Checksum): string => join(store.verified, hexOf(checksum));

/** Where bytes that claim to be of a checksum are gathered. */
export const partialPath = (store: Store, checksum: Checksum): string => join(store.partial, hexOf(checksum));

/**
 * The 64 hex digits that name a file of the store.
 * @throws VisorError `bug` where it is no checksum: anything else in a path would be a way out of the store
 */
export function hexOf(checksum: Checksum): string {
  const parsed = parseChecksum(checksum);
  if (parsed === null)
    throw new VisorError('bug', `${JSON.stringify(checksum)} is no SHA-256 checksum`, 'Report this, please.');
  return parsed.slice(2);
}

/** The checksum that a file of the store is named for; `null` of another file. */
export const checksumOf = (name: string): Checksum | null => (/^[0-9a-f]{64}$/.test(name) ? `0x${name}` : null);
