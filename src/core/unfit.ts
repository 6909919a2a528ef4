/** Releases that are named and cannot come yet: they wait as pending. */
import type { Instance } from './instance.ts';
import { isUnordered, onData } from './migrations.ts';
import type { Policy } from './policy.ts';
import type { Release } from './release.ts';
import type { SpecRange } from './spec-versions.ts';

/** Why a named release cannot come as things are, in words; `null`: it can. */
export function unfit(i: Instance, release: Release, policy: Policy): string | null {
  const { specVersion } = i.chain;
  const ranges = servedBy(i, release, policy);
  const [missing] = release.terms?.missing ?? [];
  if (missing !== undefined) return `it needs a migration of ${missing}, which its source does not name yet`;
  if (!serves(i, release, policy))
    return `it serves the spec versions ${ranges.map(words).join(', ')}, and the chain has ${specVersion}`;
  if (isUnordered(i, release))
    return 'which migrations lead to it cannot be told: a version is missing, of what runs or of what its source names';
  if (onData(i, release).length > 0 && !policy.hasDataDir)
    return 'it migrates data, and the args file does not say where they lie (data.dir)';
  return null;
}

/** Whether it serves the present runtime. Where a source knows no runtime, it is not asked. */
export function serves(i: Instance, release: Release, policy: Policy): boolean {
  const { specVersion } = i.chain;
  const ranges = servedBy(i, release, policy);
  return (
    specVersion === null || ranges.length === 0 || ranges.some(([from, to]) => from <= specVersion && specVersion <= to)
  );
}

/** What waits: what will be named with the next runtime, and what is named and cannot come yet. */
export function pendings(i: Instance, policy: Policy): readonly Release[] {
  const { named, pending } = i.chain;
  const waits = named !== null && i.said.pinned === null && unfit(i, named, policy) !== null ? [named] : [];
  return pending === null || waits[0]?.checksum === pending.checksum ? waits : [...waits, pending];
}

/** Its source knows best; else what it said of itself, asked as the file says now. Empty: every one. */
function servedBy(i: Instance, { checksum, terms }: Release, policy: Policy): readonly SpecRange[] {
  if (terms !== undefined && terms.specVersions.length > 0) return terms.specVersions;
  const answer = i.answers[checksum];
  return answer !== undefined && answer.asked === policy.asks ? answer.specVersions : [];
}

const words = ([from, to]: SpecRange): string => (from === to ? `${from}` : `${from}–${to}`);
