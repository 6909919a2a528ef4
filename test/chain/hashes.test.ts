import { randomBytes } from 'node:crypto';
import { blake2AsHex, xxhashAsHex } from '@polkadot/util-crypto';
import { describe, expect, it } from 'vitest';
import { blake128, blake256 } from '../../src/chain/values/blake2.ts';
import { storageKey } from '../../src/chain/values/storage-key.ts';
import { xxhash64 } from '../../src/chain/values/xxhash64.ts';

const hex = (bytes: Uint8Array): string => `0x${Buffer.from(bytes).toString('hex')}`;

/** Lengths around every block and word of both, and more. */
const inputs = Array.from({ length: 300 }, (_, length) => Uint8Array.from(randomBytes(length)));

describe('the hashers of storage keys', () => {
  it('are BLAKE2b as @polkadot/util-crypto has it, of 16 and of 32 bytes', () => {
    for (const input of inputs) {
      expect(hex(blake128(input))).toBe(blake2AsHex(input, 128));
      expect(blake256(input)).toBe(blake2AsHex(input, 256));
    }
  });

  it('are XXH64 as @polkadot/util-crypto has it', () => {
    for (const input of inputs) {
      const seeds = [xxhash64(input, 0n), xxhash64(input, 1n)];
      expect(hex(Buffer.concat(seeds))).toBe(xxhashAsHex(input, 128));
    }
  });

  it('give the key that every chain has: the prefix of System.Account', () => {
    expect(storageKey('System', 'Account')).toBe('0x26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9');
  });

  it('take a part of a larger buffer for itself', () => {
    const part = Uint8Array.from(randomBytes(100)).subarray(7, 80);
    expect(hex(xxhash64(part, 0n))).toBe(hex(xxhash64(part.slice(), 0n)));
    expect(hex(blake128(part))).toBe(hex(blake128(part.slice())));
  });
});
