import { blake2b } from '@noble/hashes/blake2.js';

/** BLAKE2b of 32 bytes, which names the code of a runtime: `0x` and hex. Our own (blake2b.ts) takes seconds for megabytes. */
export const blake256 = (bytes: Uint8Array): string =>
  `0x${Buffer.from(blake2b(bytes, { dkLen: 32 })).toString('hex')}`;
