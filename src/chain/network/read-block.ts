import type { SpecVersion } from '../../core/release.ts';
import type { Session } from '../session/session.ts';
import type { Block, Values } from '../source.ts';
import { runtimeKeys, specVersionOf, timeOf } from '../values/runtime.ts';
import { readValues } from './read-values.ts';
import { type UpgradeWatch, watchUpgrade } from './upgrade-ahead.ts';

/** Everything that was read at one finalised block. */
export interface Reading {
  readonly block: Block;
  readonly values: Values;
  readonly specVersion: SpecVersion;
  readonly upgrade: UpgradeWatch;
}

/**
 * Reads the sources' keys and the runtime's own at one block, in one request; only while an upgrade may be under way a few small ones
 * follow. `before`: the reading before this one, `null` at the start of a session. Throws an Error, or a VisorError (`protocol`).
 */
export async function readBlock(
  session: Session,
  head: { number: number; hash: string },
  keys: readonly string[],
  before: Reading | null,
): Promise<Reading> {
  const values = await readValues(session, [...keys, ...runtimeKeys], head.hash);
  const specVersion = specVersionOf(values);
  const upgrade = await watchUpgrade(session, head.hash, values, specVersion, before?.upgrade ?? null);
  return { block: { ...head, at: timeOf(values) }, values, specVersion, upgrade };
}
