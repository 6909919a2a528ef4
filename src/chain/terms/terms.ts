import type { Release, Terms } from '../../core/release.ts';

const nothing: Terms = { migrations: [], missing: [], specVersions: [], urgent: false, dataCompatible: false };

/** A release with what its source says of it beside. One of which nothing is said has no terms at all, as ever. */
export function withTerms(release: Release, said: Partial<Terms>): Release {
  const terms: Terms = { ...nothing, ...said };
  const lists = [terms.migrations, terms.missing, terms.specVersions];
  const isSilent = lists.every((list) => list.length === 0) && !terms.urgent && !terms.dataCompatible;
  return isSilent ? release : { ...release, terms };
}
