/** XXH64 with a seed (its specification: github.com/Cyan4973/xxHash, doc/xxhash_spec.md), 8 bytes, little endian. Names of storage items are hashed with it. */
export function xxhash64(input: Uint8Array, seed: bigint): Uint8Array {
  const words = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let at = 0;
  let hash = u64(seed + P5);
  if (input.length >= 32) {
    let lanes = [u64(seed + P1 + P2), u64(seed + P2), seed, u64(seed - P1)];
    for (; at + 32 <= input.length; at += 32) {
      const stripe = at;
      lanes = lanes.map((lane, index) => mixed(lane, words.getBigUint64(stripe + 8 * index, true)));
    }
    hash = lanes.reduce((sum, lane, index) => u64(sum + rotated(lane, ROTATIONS[index]!)), 0n);
    for (const lane of lanes) hash = u64((hash ^ mixed(0n, lane)) * P1 + P4);
  }
  hash = u64(hash + BigInt(input.length));
  for (; at + 8 <= input.length; at += 8)
    hash = u64(rotated(hash ^ mixed(0n, words.getBigUint64(at, true)), 27n) * P1 + P4);
  for (; at + 4 <= input.length; at += 4)
    hash = u64(rotated(hash ^ u64(BigInt(words.getUint32(at, true)) * P1), 23n) * P2 + P3);
  for (; at < input.length; at += 1) hash = u64(rotated(hash ^ u64(BigInt(words.getUint8(at)) * P5), 11n) * P1);
  return littleEndian(avalanche(hash));
}

const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;
const ROTATIONS = [1n, 7n, 12n, 18n];

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotated = (value: bigint, bits: bigint): bigint => u64(value << bits) | (value >> (64n - bits));
const mixed = (lane: bigint, word: bigint): bigint => u64(rotated(u64(lane + word * P2), 31n) * P1);

function avalanche(hash: bigint): bigint {
  const first = u64((hash ^ (hash >> 33n)) * P2);
  const second = u64((first ^ (first >> 29n)) * P3);
  return second ^ (second >> 32n);
}

function littleEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}
