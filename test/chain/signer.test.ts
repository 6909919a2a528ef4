import { blake2AsHex } from '@polkadot/util-crypto';
import { describe, expect, test } from 'vitest';
import { extrinsicHash, isSignedBy } from '../../src/chain/values/signer.ts';

const alice = `0x${'a1'.repeat(32)}`;
const bob = `0x${'b0'.repeat(32)}`;
const rest = `${'01'}${'5e'.repeat(64)}0004000601`;

/** With its length before it, as in a block. */
const whole = (body: string): string => {
  const size = body.length / 2;
  const compact = size < 64 ? [size << 2] : [((size << 2) | 1) & 0xff, size >> 6];
  return `0x${Buffer.from(compact).toString('hex')}${body}`;
};

describe('whether an extrinsic is signed by an account', () => {
  test.each([
    ['of format 4, with a MultiAddress', whole(`8400${alice.slice(2)}${rest}`), true],
    ['of format 4, with the plain account', whole(`84${alice.slice(2)}${rest}`), true],
    ['of format 4, with the address of old runtimes', whole(`84ff${alice.slice(2)}${rest}`), true],
    ['of another', whole(`8400${bob.slice(2)}${rest}`), false],
    ['of another, to this one', whole(`8400${bob.slice(2)}${rest}0500${alice.slice(2)}`), false],
    ['general, of format 5', whole(`450000${'5e'.repeat(65)}${alice.slice(2)}04`), true],
    ['general, of another', whole(`450000${'5e'.repeat(65)}${bob.slice(2)}04`), false],
    ['bare, that only names it', whole(`0400${alice.slice(2)}`), false],
    ['bare, of format 5', whole(`0500${alice.slice(2)}`), false],
    ['empty', '0x', false],
    ['nothing but a length', '0x08', false],
    ['no hex', 'who are you', false],
  ])('%s', (_what, extrinsic, is) => expect(isSignedBy(extrinsic, alice)).toBe(is));
});

test('its hash is the one that explorers show', () => {
  const extrinsic = whole(`8400${alice.slice(2)}${rest}`);
  expect(extrinsicHash(extrinsic)).toBe(blake2AsHex(extrinsic));
});
