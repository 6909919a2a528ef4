import type { Millis } from '../core/release.ts';
import { open, type Verdict, waits } from './verdict.ts';

/** What must hold of the chain. */
export interface Conditions {
  readonly specVersion: { readonly is: 'min' | 'exact'; readonly version: number } | null;
  /** The finalised block from which on. */
  readonly block: number | null;
}

/** The chain's finalised head as it was last read; `null`: not yet. */
export interface Head {
  readonly specVersion: number | null;
  readonly block: number | null;
}

/** How often a chain makes a block. */
const LOOK_AGAIN: Millis = 6_000;

/** Open while the finalised head fulfils both. */
export function conditionGate({ specVersion, block }: Conditions, head: Head | null): Verdict {
  const wanted = [
    specVersion !== null && !hasSpecVersion(specVersion, head?.specVersion ?? null)
      ? `spec version ${specVersion.version}${specVersion.is === 'min' ? ' or higher' : ''} (the chain has ${head?.specVersion ?? 'not been read'})`
      : null,
    block !== null && (head?.block ?? -1) < block
      ? `finalised block ${block} (the chain has ${head?.block ?? 'not been read'})`
      : null,
  ].filter((words) => words !== null);
  return wanted.length === 0 ? open : waits(wanted.join(' and '), LOOK_AGAIN);
}

function hasSpecVersion({ is, version }: NonNullable<Conditions['specVersion']>, present: number | null): boolean {
  return present !== null && (is === 'min' ? present >= version : present === version);
}
