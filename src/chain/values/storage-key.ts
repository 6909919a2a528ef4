import { blake128 } from './blake2.ts';
import { xxhash64 } from './xxhash64.ts';

/** The key of a storage item: twox128 of the pallet's and the item's name, then the map's key as its hasher leaves it. */
export function storageKey(pallet: string, item: string, mapKey: Uint8Array = new Uint8Array()): string {
  const parts = [twox128(pallet), twox128(item), mapKey];
  return `0x${Buffer.concat(parts).toString('hex')}`;
}

/** Hasher Blake2_128Concat over the SCALE form of a short text (below 64 bytes one length byte, else two). */
export function blake2Concat(name: string): Uint8Array {
  const bytes = Buffer.from(name);
  const length = bytes.length < 64 ? [bytes.length << 2] : [((bytes.length << 2) | 1) & 0xff, bytes.length >> 6];
  const encoded = Buffer.concat([Buffer.from(length), bytes]);
  return blake2ConcatOf(encoded);
}

/** The same over a key's SCALE form. */
export const blake2ConcatOf = (encoded: Uint8Array): Uint8Array => Buffer.concat([blake128(encoded), encoded]);

/** Substrate's hasher of that name: XXH64 with the seeds 0 and 1, one behind the other. */
function twox128(name: string): Uint8Array {
  const bytes = Buffer.from(name);
  return Buffer.concat([xxhash64(bytes, 0n), xxhash64(bytes, 1n)]);
}
