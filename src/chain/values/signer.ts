import { blake256 } from './blake2.ts';
import { compact, readerOfHex } from './scale.ts';

/** Of the first byte of an extrinsic: the two bits of its kind, and the format (spec.polkadot.network, "Extrinsics"). */
const KIND = 0b1100_0000;
const SIGNED = 0b1000_0000;
const GENERAL = 0b0100_0000;

/**
 * Whether an extrinsic of a block was signed by the account, as far as can be told without the runtime's metadata: the address stands at
 * the begin of a signed one, plain or as `MultiAddress::Id`; a general one (format 5) names its account somewhere in its extensions.
 */
export function isSignedBy(extrinsic: string, id: string): boolean {
  try {
    const reader = readerOfHex(extrinsic);
    compact(reader);
    const body = reader.bytes.subarray(reader.at).toString('hex');
    const account = id.slice(2);
    switch (Number.parseInt(body.slice(0, 2), 16) & KIND) {
      case SIGNED:
        return ['', '00', 'ff'].some((lead) => body.startsWith(`${lead}${account}`, 2));
      case GENERAL:
        return body.includes(account);
    }
    return false;
  } catch {
    return false;
  }
}

/** By which explorers find it: BLAKE2b-256 of all of its bytes. */
export const extrinsicHash = (extrinsic: string): string => blake256(Buffer.from(extrinsic.slice(2), 'hex'));
