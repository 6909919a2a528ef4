/** BLAKE2b without a key (RFC 7693), of so many bytes. In plain BigInt: keys of storage maps are short, and read once. */
export function blake2b(input: Uint8Array, length: number): Uint8Array {
  const state = IV.slice();
  state[0]! ^= 0x0101_0000n ^ BigInt(length);
  const blocks = Math.max(1, Math.ceil(input.length / BLOCK));
  const padded = new Uint8Array(blocks * BLOCK);
  padded.set(input);
  const words = new DataView(padded.buffer);
  for (let block = 0; block < blocks; block += 1) {
    const isLast = block === blocks - 1;
    compress(state, words, block * BLOCK, isLast ? input.length : (block + 1) * BLOCK, isLast);
  }
  const digest = new DataView(new ArrayBuffer(64));
  for (const [index, word] of state.entries()) digest.setBigUint64(8 * index, word, true);
  return new Uint8Array(digest.buffer, 0, length);
}

const BLOCK = 128;

const IV = BigUint64Array.of(
  0x6a09e667f3bcc908n,
  0xbb67ae8584caa73bn,
  0x3c6ef372fe94f82bn,
  0xa54ff53a5f1d36f1n,
  0x510e527fade682d1n,
  0x9b05688c2b3e6c1fn,
  0x1f83d9abfb41bd6bn,
  0x5be0cd19137e2179n,
);

/** Which word of the block goes where in each round (RFC 7693, 2.7); the last two rounds are as the first two. */
const SIGMA = [
  '0123456789abcdef',
  'ea489fd61c02b753',
  'b8c052fdae367194',
  '7931dcbe265a40f8',
  '905724afe1bc683d',
  '2c6a0b834d75fe19',
  'c51fed4a0763928b',
  'db7ec13950f4862a',
  '6fe9b308c2d714a5',
  'a2847615fb9e3cd0',
].map((row) => [...row].map((digit) => Number.parseInt(digit, 16)));

/** Columns, then diagonals, of the working vector seen as a square. */
const MIXES = [
  [0, 4, 8, 12],
  [1, 5, 9, 13],
  [2, 6, 10, 14],
  [3, 7, 11, 15],
  [0, 5, 10, 15],
  [1, 6, 11, 12],
  [2, 7, 8, 13],
  [3, 4, 9, 14],
] as const;

function compress(state: BigUint64Array, words: DataView, offset: number, counted: number, isLast: boolean): void {
  const v = BigUint64Array.of(...state, ...IV);
  v[12]! ^= BigInt(counted);
  if (isLast) v[14]! ^= ALL;
  for (let round = 0; round < 12; round += 1) {
    const order = SIGMA[round % 10]!;
    MIXES.forEach((lanes, index) => {
      const word = (n: number) => words.getBigUint64(offset + 8 * order[n]!, true);
      mix(v, lanes, word(2 * index), word(2 * index + 1));
    });
  }
  state.forEach((word, index) => {
    state[index] = word ^ v[index]! ^ v[index + 8]!;
  });
}

const ALL = 0xffff_ffff_ffff_ffffn;

/** A BigUint64Array cuts every sum to 64 bits by itself. */
function mix(v: BigUint64Array, [a, b, c, d]: readonly [number, number, number, number], x: bigint, y: bigint): void {
  v[a] = v[a]! + v[b]! + x;
  v[d] = rotatedRight(v[d]! ^ v[a]!, 32n);
  v[c] = v[c]! + v[d]!;
  v[b] = rotatedRight(v[b]! ^ v[c]!, 24n);
  v[a] = v[a]! + v[b]! + y;
  v[d] = rotatedRight(v[d]! ^ v[a]!, 16n);
  v[c] = v[c]! + v[d]!;
  v[b] = rotatedRight(v[b]! ^ v[c]!, 63n);
}

const rotatedRight = (value: bigint, bits: bigint): bigint => (value >> bits) | (value << (64n - bits));
