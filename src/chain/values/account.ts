import type { Values } from '../source.ts';
import { blake2ConcatOf, storageKey } from './storage-key.ts';

/** 32 bytes, `0x` and 64 lower-case hex digits. */
export type AccountId = string;

/** Where `System.Account` holds what is known of an account. */
export const accountKey = (id: AccountId): string =>
  storageKey('System', 'Account', blake2ConcatOf(Buffer.from(id.slice(2), 'hex')));

/**
 * How many extrinsics of the account were included so far: the first field of `AccountInfo`, a u32, little endian (frame_system). An account
 * that is not there has sent none. Throws an Error where the value is too short to hold it.
 */
export function nonceOf(values: Values, id: AccountId): number {
  const value = values.get(accountKey(id)) ?? null;
  return value === null ? 0 : Buffer.from(value.slice(2), 'hex').readUInt32LE();
}
