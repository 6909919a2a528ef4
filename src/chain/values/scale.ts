/**
 * The little of SCALE that decides: compact lengths, byte strings and digests (docs.polkadot.com, "SCALE codec").
 * Strict: a value has exactly one spelling, and a decoder here throws an Error with words for every other.
 */
export interface Reader {
  readonly bytes: Buffer;
  at: number;
}

export function readerOfHex(hex: string): Reader {
  return { bytes: Buffer.from(hex.slice(2), 'hex'), at: 0 };
}

/** A compact number below 2^30: the one-, two- and four-byte modes; longer ones name no length that we would accept. */
export function compact(reader: Reader): number {
  const mode = (take(reader, 1)[0] ?? 0) & 0b11;
  if (mode === 3) throw new Error('a length of 1 GiB or more');
  reader.at -= 1;
  const size = 1 << mode;
  const value = take(reader, size).readUIntLE(0, size) >>> 2;
  if (size > 1 && value < 1 << (8 * (size / 2) - 2))
    throw new Error('a length that is not spelled in its shortest form');
  return value;
}

/** A byte string that must be UTF-8 text without control characters. */
export function text(reader: Reader): string {
  const bytes = take(reader, compact(reader));
  const decoded = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(decoded)) throw new Error('control characters');
  return decoded;
}

/** 32 bytes as `0x` and 64 hex digits. */
export function digest(reader: Reader): string {
  return `0x${take(reader, 32).toString('hex')}`;
}

/** An `Option`: one byte says whether a value follows. */
export function optional<T>(reader: Reader, read: (reader: Reader) => T): T | null {
  const [flag] = take(reader, 1);
  if (flag === 0) return null;
  if (flag === 1) return read(reader);
  throw new Error('an option that is neither there nor not there');
}

export function end(reader: Reader): void {
  const left = reader.bytes.length - reader.at;
  if (left > 0) throw new Error(`${left} bytes too many`);
}

function take(reader: Reader, size: number): Buffer {
  const part = reader.bytes.subarray(reader.at, reader.at + size);
  if (part.length < size) throw new Error(`it ends ${size - part.length} bytes too early`);
  reader.at += size;
  return part;
}
