// by file: the package's index brings every curve and word list, 9 MB of them
import { blake2AsU8a } from '@polkadot/util-crypto/blake2/asU8a';
import { xxhashAsU8a } from '@polkadot/util-crypto/xxhash/asU8a';

/** The key of a storage item: twox128 of the pallet's and the item's name, then the map's key as its hasher leaves it. */
export function storageKey(pallet: string, item: string, mapKey: Uint8Array = new Uint8Array()): string {
  const parts = [xxhashAsU8a(pallet, 128), xxhashAsU8a(item, 128), mapKey];
  return `0x${Buffer.concat(parts).toString('hex')}`;
}

/** Hasher Blake2_128Concat over the SCALE form of a short text (below 64 bytes one length byte, else two). */
export function blake2Concat(name: string): Uint8Array {
  const bytes = Buffer.from(name);
  const length = bytes.length < 64 ? [bytes.length << 2] : [((bytes.length << 2) | 1) & 0xff, bytes.length >> 6];
  const encoded = Buffer.concat([Buffer.from(length), bytes]);
  return Buffer.concat([blake2AsU8a(encoded, 128), encoded]);
}
