import { type Checksum, parseChecksum, type Release } from '../core/release.ts';
import { isWithin } from '../core/versions.ts';

/** Ranges of versions as npm writes them, and checksums. */
export interface Lists {
  /** Empty: everything is allowed. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
}

/** Why the operator's lists keep a release out, in words that read on after its name; `null`: they do not. */
export function listedAgainst(release: Release, { allow, deny }: Lists): string | null {
  const against = deny.find((entry) => isNamed(release, entry));
  if (against !== undefined) return `which gates.deny keeps out (${against})`;
  return allow.length === 0 || allow.some((entry) => isNamed(release, entry))
    ? null
    : 'which gates.allow does not name';
}

function isNamed(release: Release, entry: string): boolean {
  const checksum: Checksum | null = parseChecksum(entry);
  return checksum === null ? isWithin(release, entry) : checksum === release.checksum;
}
