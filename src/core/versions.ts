/**
 * What the versions of releases say of each other. Releases carry no counter, and their tags are not plain semver
 * (`kintsugi-1.23.8`, `1.22.4-hotfix1`); where a source names none, the uri mostly holds it.
 */
// by file: the index brings thirty more functions that nothing here asks for
import coerce from 'semver/functions/coerce.js';
import compare from 'semver/functions/compare.js';
import satisfies from 'semver/functions/satisfies.js';
import type { Release } from './release.ts';

type Versioned = Pick<Release, 'version' | 'uri'>;

/** `1.23.8`, the number in what a release is called; `null`: there is none. */
export const versionOf = ({ version, uri }: Versioned): string | null =>
  coerce(version ?? uri?.match(/\d+\.\d+\.\d+/)?.[0] ?? null)?.version ?? null;

/** Whether a release's version lies in a range as npm writes it, such as `>=1.24 <2`. Without a version it lies in none. */
export function isWithin(release: Versioned, range: string): boolean {
  const version = versionOf(release);
  return version !== null && satisfies(version, range);
}

/** Negative: `a` is the older one; `null`: one of them has no version. */
export function order(a: Versioned, b: Versioned): number | null {
  const [left, right] = [versionOf(a), versionOf(b)];
  return left === null || right === null ? null : compare(left, right);
}
