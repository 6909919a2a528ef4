/** The SHA-256 of a release's file: `0x` and 64 lower-case hex digits. It is the identity of a release. */
export type Checksum = string;

/** Milliseconds; a point in time counts from the Unix epoch. */
export type Millis = number;

/** The spec version of a chain's runtime. `null`: the source knows no runtime (a manifest), or was never read. */
export type SpecVersion = number | null;

/** What a source names: which bytes, and where they may be had. */
export interface Release {
  readonly checksum: Checksum;
  /** Where the source says that the bytes lie; `null` where only mirrors or the store can have them. */
  readonly uri: string | null;
  readonly version: string | null;
}

/** Reads a checksum as people and chains write it, with or without `0x`; `null` if it is none. */
export function parseChecksum(text: string): Checksum | null {
  const hex = text.trim().replace(/^0x/i, '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(hex) ? `0x${hex}` : null;
}
