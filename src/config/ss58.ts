import { createHash } from 'node:crypto';

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** Bytes of an account's id, and of the checksum that its text ends with. */
const ID = 32;
const CHECKSUM = 2;

/**
 * The account id of an SS58 text as `0x` and 64 hex digits, whatever the network that its prefix names; `null` where it is none, or
 * a digit of it is wrong. By hand, since it is asked at every read of the file and the library costs 20 MB and 0.2 s to load
 * (docs.polkadot.com, "Accounts: address formats").
 */
export function parseSs58(text: string): string | null {
  const bytes = fromBase58(text);
  if (bytes === null) return null;
  const prefix = (bytes[0] ?? 0) & 0b0100_0000 ? 2 : 1;
  if (bytes.length !== prefix + ID + CHECKSUM || (bytes[0] ?? 0) >= 0b1000_0000) return null;
  const [body, checksum] = [bytes.subarray(0, -CHECKSUM), bytes.subarray(-CHECKSUM)];
  const proof = createHash('blake2b512').update('SS58PRE').update(body).digest().subarray(0, CHECKSUM);
  return proof.equals(checksum) ? `0x${body.subarray(prefix).toString('hex')}` : null;
}

/** A leading zero byte is written as a leading `1`. */
function fromBase58(text: string): Buffer | null {
  let value = 0n;
  for (const letter of text) {
    const digit = alphabet.indexOf(letter);
    if (digit < 0) return null;
    value = value * 58n + BigInt(digit);
  }
  const hex = value === 0n ? '' : value.toString(16);
  const zeros = /^1*/.exec(text)?.[0].length ?? 0;
  return Buffer.concat([Buffer.alloc(zeros), Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')]);
}
