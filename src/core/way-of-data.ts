/** How the data go where a former deployment comes back. */
import type { Former, Instance } from './instance.ts';
import { isBehindData } from './migrations.ts';
import { occupant } from './occupancy.ts';
import type { Policy } from './policy.ts';
import type { Checksum, Release } from './release.ts';

/**
 * `stay`: it knows the present data. `restore`: the backup of the last update is put back. `null`: no automatic way. Once a client ran on
 * migrated data they say what it did with money; so only where the release or the operator says that an older client may go on from them, or accepts the loss.
 */
export function wayOfData(i: Instance, { data }: Former, { dataRollback }: Policy): 'stay' | 'restore' | null {
  if (data === i.data || dataRollback === 'compatible') return 'stay';
  const isLastStep = i.data !== null && i.updates[i.data]?.from === data;
  if (!isLastStep) return null;
  if (occupant(i.slot)?.release.terms?.dataCompatible) return 'stay';
  return dataRollback === 'restore' ? 'restore' : null;
}

/** The release as it was committed here before. */
const formerOf = (i: Instance, checksum: Checksum): Former | null =>
  i.formers.find(({ deployment }) => deployment.release.checksum === checksum) ?? null;

/** Whether the data were migrated since. Forward, a release runs on them as they are; a recall from a probation goes another way. */
export function isTooOld(i: Instance, release: Release, policy: Policy): boolean {
  const former = formerOf(i, release.checksum);
  if (former === null) return isBehindData(i, release) && policy.dataRollback !== 'compatible';
  const way = wayOfData(i, former, policy);
  return way === null || (way === 'restore' && i.slot.at !== 'probation');
}
