import type { Settings } from './deployment.ts';
import type { Instance, Volatile } from './instance.ts';
import type { Release } from './release.ts';

export const atRest: Volatile = { rest: null, restarts: 0, turn: 0, livened: [], livenAt: null };

/** A new instance: nothing serves, nothing was heard. */
export function born(settings: Settings, initial: Release | null): Instance {
  return {
    slot: { at: 'empty' },
    next: null,
    formers: [],
    bars: [],
    proven: {},
    answers: {},
    data: null,
    updates: {},
    chain: { named: null, pending: null, upgradeAhead: false, specVersion: null, block: null, urgent: null },
    config: { settings, initial },
    said: { held: null, stopped: false, pinned: null, approved: [] },
    volatile: atRest,
  };
}

/** The part of the value that is on disk: the rest is advice that no decision after a death needs. */
export function durable(i: Instance): Instance {
  const slot = i.slot.at === 'running' ? { ...i.slot, exits: 0 } : i.slot;
  return { ...i, slot, volatile: atRest };
}
