// @polkadot/util-crypto hashes with the same library, and loads some 17 MB of WebAssembly beside it: too much for what a daemon always has loaded.
import { blake2b } from '@noble/hashes/blake2.js';

/** BLAKE2b-128: of the hasher `Blake2_128Concat`. */
export const blake128 = (bytes: Uint8Array): Uint8Array => blake2b(bytes, { dkLen: 16 });

/** BLAKE2b-256, as hex: it names extrinsics and the code of runtimes. */
export const blake256 = (bytes: Uint8Array): string =>
  `0x${Buffer.from(blake2b(bytes, { dkLen: 32 })).toString('hex')}`;
