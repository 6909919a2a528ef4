import type { DeploymentId } from '../core/deployment.ts';
import type { FleetSlot } from './fleet-lock/client.ts';
import { type GateRecord, isSameSlot } from './record.ts';

/** Where an instance is in its update, as far as the gates are concerned. */
export type Standing =
  /** Its gates are being asked, with this slot (`null`: with none). */
  | { readonly is: 'asking'; readonly slot: FleetSlot | null }
  /** What serves is being changed, or is on probation. */
  | { readonly is: 'between' }
  /** What serves is committed, and nothing is about to take its place. */
  | { readonly is: 'settled'; readonly serving: DeploymentId | null };

/** What is to be done about what the gates of an instance have taken. */
export interface Owed {
  /** To be given back. */
  readonly back: readonly FleetSlot[];
  /** To be asked for once more: a server that was restarted, or never heard us, may have given it to another. */
  readonly again: readonly FleetSlot[];
  /** What undoes the drain of a client that serves on; `null`: nothing. */
  readonly after: readonly string[] | null;
  /** The drain is of no account any more. */
  readonly isDrainOver: boolean;
}

/** @param confirmed whether a server granted the slot in this daemon's life */
export function owed(record: GateRecord, standing: Standing, confirmed: (slot: FleetSlot) => boolean): Owed {
  const { slots, drained } = record;
  switch (standing.is) {
    case 'asking': {
      const { slot } = standing;
      return { ...none, back: slots.filter((held) => slot === null || !isSameSlot(held, slot)) };
    }
    case 'between':
      return { ...none, again: slots.filter((slot) => !confirmed(slot)) };
    case 'settled': {
      const isCalledOff = drained !== null && drained.of === standing.serving;
      const after = isCalledOff ? drained.after : null;
      return { back: slots, again: [], after, isDrainOver: drained !== null && after === null };
    }
  }
}

const none: Owed = { back: [], again: [], after: null, isDrainOver: false };
