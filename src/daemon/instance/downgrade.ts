// by file: the index brings ranges and thirty more that nothing here asks for
import coerce from 'semver/functions/coerce.js';
import lt from 'semver/functions/lt.js';
import type { Release } from '../../core/release.ts';

/**
 * Whether `to` is an older version than `from`, as far as their names say: releases carry no counter, and their tags
 * are not plain semver (`kintsugi-1.23.8`, `1.22.4-hotfix1`; docs/architecture.md, "The chain").
 */
export function isDowngrade(from: Release, to: Release): boolean {
  const [old, young] = [versionOf(from), versionOf(to)];
  return old !== null && young !== null && lt(young, old);
}

function versionOf({ version, uri }: Release): ReturnType<typeof coerce> {
  return coerce(version ?? uri?.match(/\d+\.\d+\.\d+/)?.[0] ?? null);
}
