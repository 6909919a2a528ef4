import type { Millis, SpecVersion } from '../../core/release.ts';
import type { Values } from '../source.ts';
import { decoding } from './malformed.ts';
import { compact, digest, end, readerOfHex, text } from './scale.ts';
import { storageKey } from './storage-key.ts';

/** Of the chain's own clock. */
export const timeKey = storageKey('Timestamp', 'Now');
const lastRuntimeUpgrade = storageKey('System', 'LastRuntimeUpgrade');
const restrictionSignal = storageKey('ParachainSystem', 'UpgradeRestrictionSignal');
/** `System` has had it since polkadot-sdk 1.7; before, parachains kept it in their own pallet. */
const authorized = [storageKey('System', 'AuthorizedUpgrade'), storageKey('ParachainSystem', 'AuthorizedUpgrade')];

/** The code that waits for the relay chain's go-ahead: 1 MB and more, so only its size is ever asked for. */
export const pendingCodeKey = storageKey('ParachainSystem', 'PendingValidationCode');

/** The well-known key of the runtime itself (sp_core::storage::well_known_keys). */
export const codeKey = '0x3a636f6465';

/** What is read of every chain beside the releases; an item that a runtime does not have is just absent. */
export const runtimeKeys: readonly string[] = [timeKey, lastRuntimeUpgrade, restrictionSignal, ...authorized];

/** When the block was made, by the chain's own clock: u64, little endian, milliseconds. Throws a VisorError (`protocol`). */
export function timeOf(values: Values): Millis | null {
  const value = values.get(timeKey) ?? null;
  if (value === null) return null;
  return decoding('Timestamp: the time of the block', value, () => {
    const bytes = Buffer.from(value.slice(2), 'hex');
    if (bytes.length !== 8) throw new Error(`${bytes.length} bytes instead of 8`);
    const at = Number(bytes.readBigUInt64LE());
    // the last millisecond that a Date can be
    if (at > 8_640_000_000_000_000) throw new Error('no point in time');
    return at;
  });
}

/**
 * The runtime whose code made this block, not the one whose code lies in its state: an upgrade moves pending releases to current
 * when the new code runs for the first time, and that is when this item changes. Throws a VisorError (`protocol`).
 */
export function specVersionOf(values: Values): SpecVersion {
  const value = values.get(lastRuntimeUpgrade) ?? null;
  if (value === null) return null;
  return decoding('System: the last runtime upgrade', value, () => {
    const reader = readerOfHex(value);
    const specVersion = compact(reader);
    text(reader);
    end(reader);
    return specVersion;
  });
}

/**
 * Hash of the code that governance has authorised as the next runtime, the first 32 bytes of the item. It is no sign by itself: an
 * upgrade that came another way leaves it behind.
 */
export function authorizedCode(values: Values): string | null {
  const value = authorized.map((key) => values.get(key) ?? null).find((one) => one !== null) ?? null;
  return value === null ? null : decoding('System: the authorised upgrade', value, () => digest(readerOfHex(value)));
}

/**
 * The relay chain's word that this parachain is in the middle of an upgrade, or in the pause after one (`Option<UpgradeRestriction>`):
 * reason enough to ask whether code waits.
 */
export const upgradeRestricted = (values: Values): boolean => (values.get(restrictionSignal) ?? '0x00') !== '0x00';
