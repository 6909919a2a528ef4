import type { Deployment } from './deployment.ts';
import type { Instance, Serving, Slot } from './instance.ts';

export function serving(i: Instance): Serving | null {
  return i.slot.at === 'running' || i.slot.at === 'probation' ? i.slot : null;
}

/** The deployment that has, or is about to have, the slot. */
export function occupant(slot: Slot): Deployment | null {
  switch (slot.at) {
    case 'empty':
      return null;
    case 'running':
    case 'probation':
      return slot.deployment;
    case 'switching':
      return slot.to;
    case 'reverting':
      return slot.to.deployment;
  }
}

/** The committed deployment: what runs, or what a probation came from. */
export function committed(i: Instance): Deployment | null {
  switch (i.slot.at) {
    case 'empty':
      return null;
    case 'running':
      return i.slot.deployment;
    case 'probation':
      return i.formers[0]?.deployment ?? null;
    case 'switching':
      return i.slot.from.at === 'running' ? i.slot.from.deployment : (i.formers[0]?.deployment ?? null);
    case 'reverting':
      return i.slot.to.at === 'running' ? i.slot.to.deployment : (i.formers[0]?.deployment ?? null);
  }
}

/** Is it to be counted on as a way back: neither refusing to start nor without its bytes. */
export const isUp = (slot: Serving): boolean => slot.verdict !== 'down' && slot.verdict !== 'gone';
