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
  /** What its source says of it beside; absent: nothing. */
  readonly terms?: Terms;
}

/** What a source says of a release beside its bytes. */
export interface Terms {
  /** What must be migrated on the way to it, in the order in which that is done. */
  readonly migrations: readonly Migration[];
  /** Of which kind it needs a migration that its source does not name yet: it is pending until it does. */
  readonly missing: readonly MigrationKind[];
  /** The spec versions that it serves, each range with both its ends; empty: every one. */
  readonly specVersions: readonly (readonly [from: number, to: number])[];
  /** Minutes matter: gates that only choose the hour do not hold it back. */
  readonly urgent: boolean;
  /** The release before it can read the data that its migration of data leaves: a way back is open without a restore. */
  readonly dataCompatible: boolean;
}

export type MigrationKind = 'arguments' | 'data';

/** A script or binary that brings what an older release left into the form of a newer one. */
export interface Migration {
  readonly kind: MigrationKind;
  /** Of its own bytes. */
  readonly checksum: Checksum;
  readonly uri: string | null;
  /** The version that it leads to, where several may lie between two releases; `null`: it leads to the release that names it, from any. */
  readonly to: string | null;
}

/** Reads a checksum as people and chains write it, with or without `0x`; `null` if it is none. */
export function parseChecksum(text: string): Checksum | null {
  const hex = text.trim().replace(/^0x/i, '').toLowerCase();
  return /^[0-9a-f]{64}$/.test(hex) ? `0x${hex}` : null;
}
