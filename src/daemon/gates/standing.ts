import type { ClientConfig } from '../../config/settings.ts';
import type { Instance } from '../../core/instance.ts';
import { occupant } from '../../core/occupancy.ts';
import type { Policy } from '../../core/policy.ts';
import { heldBackBy } from '../../core/questions.ts';
import type { Checksum } from '../../core/release.ts';
import type { FleetSlot } from '../../gate/fleet-lock/client.ts';
import { fleetId } from '../../gate/fleet-lock/id.ts';
import type { Standing } from '../../gate/owed.ts';
import { machineName } from '../../process/machine.ts';

/** Where an instance is in its update, as far as its gates are concerned. */
export function standingOf(i: Instance, policy: Policy, slot: FleetSlot | null): Standing {
  if (isAsking(i, policy)) return { is: 'asking', slot };
  switch (i.slot.at) {
    case 'probation':
    case 'switching':
    case 'reverting':
      return { is: 'between' };
    case 'empty':
    case 'running':
      return { is: 'settled', serving: occupant(i.slot)?.id ?? null };
  }
}

/** Whether the gates of what is staged are asked. */
export const isAsking = (i: Instance, policy: Policy): boolean =>
  i.next?.at === 'staged' && heldBackBy(i, policy) === null;

/** What the file asks a FleetLock server for; `null`: for nothing. */
export function fleetSlot({ network, client, gates: { fleetLock } }: ClientConfig): FleetSlot | null {
  return fleetLock && { ...fleetLock, id: fleetId(network, client, machineName()) };
}

/** The releases whose age counts from when they were first heard of; none where no gate asks for it. */
export function heardIn(i: Instance, { gates }: ClientConfig): readonly Checksum[] {
  if (gates.minAge === 0 && gates.rollout.window === 0) return [];
  const heard = [i.chain.named, i.chain.pending, i.said.pinned?.release ?? null, i.next?.deployment.release ?? null];
  return heard.flatMap((release) => release?.checksum ?? []);
}
