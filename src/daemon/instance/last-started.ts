import type { Instance } from '../../core/instance.ts';
import { occupant } from '../../core/occupancy.ts';
import type { Release } from '../../core/release.ts';
import { readRecord } from '../../process/child-record.ts';

/** The release of the child that was started last, which a dead supervisor may have left; else of what has the slot. `null`: none is known. */
export function lastStarted(i: Instance, childRecord: string): Release | null {
  const id = readRecord(childRecord)?.child?.deployment;
  const known = [
    occupant(i.slot),
    i.slot.at === 'switching' ? i.slot.from.deployment : null,
    ...i.formers.map(({ deployment }) => deployment),
  ];
  return (known.find((one) => one?.id === id) ?? occupant(i.slot))?.release ?? null;
}
