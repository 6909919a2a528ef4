import { setTimeout as sleep } from 'node:timers/promises';
import { sentenceOf } from '../../errors.ts';
import type { End } from '../../gate/drain.ts';
import { howItEnded } from '../../gate/drain.ts';
import type { FleetSlot } from '../../gate/fleet-lock/client.ts';
import type { Holder } from '../../gate/fleet-lock/holder.ts';
import { type Owed, owed, type Standing } from '../../gate/owed.ts';
import { createSignal } from '../instance/cell.ts';
import type { GateBook } from './book.ts';
import type { OneAtATime } from './one-at-a-time.ts';

/** What the gates have taken is given back as soon as the instance is settled again, for as long as that takes. */
export interface Debts {
  /** The instance may stand elsewhere now. */
  look(): void;
  /** Resolves when what is being done has ended. */
  ended(): Promise<void>;
}

export interface Owing {
  readonly book: GateBook;
  readonly holder: Holder;
  readonly exclusive: OneAtATime;
  standing(): Standing;
  /** Runs what undoes a drain. */
  undrain(command: readonly string[], signal: AbortSignal): Promise<End | null>;
  /** Somebody should look at this; the same is told once. */
  alarm(about: 'fleetLock' | 'drain', reason: string): void;
  readonly signal: AbortSignal;
}

const SOONEST = 1_000;
const LATEST = 300_000;

export function createDebts(on: Owing): Debts {
  const { book, holder, signal } = on;
  const standing = createSignal('');
  let work: Promise<void> | null = null;

  const due = () => owed(book.get(), on.standing(), holder.isConfirmed);

  async function pay(): Promise<void> {
    for (let tries = 0; !signal.aborted && !isNothing(due()); tries += 1) {
      const moved = new AbortController();
      const isPaid = await on.exclusive(() => settle(due(), on)).catch(() => false);
      if (isPaid || signal.aborted) continue;
      const rest = Math.min(LATEST, SOONEST * 2 ** Math.min(tries, 10)) * (0.5 + Math.random() / 2);
      const leave = () => moved.abort();
      signal.addEventListener('abort', leave, { once: true });
      await Promise.race([standing.changed(moved.signal), sleep(rest, undefined, { signal: moved.signal })]).catch(
        () => {},
      );
      signal.removeEventListener('abort', leave);
      moved.abort();
    }
  }

  return {
    look() {
      standing.set(JSON.stringify(on.standing()));
      if (work !== null || signal.aborted || isNothing(due())) return;
      work = pay().finally(() => {
        work = null;
      });
    },
    ended: async () => {
      await work;
    },
  };
}

/** Does what is owed, as far as it goes; whether it went. */
async function settle(due: Owed, on: Owing): Promise<boolean> {
  const done: boolean[] = [];
  for (const slot of due.back) done.push(await asked('could not be given back', slot, on, on.holder.giveBack));
  for (const slot of due.again) done.push(await asked('is not ours', slot, on, on.holder.obtain));
  if (due.after !== null) done.push(await undrained(due.after, on));
  if (due.isDrainOver) await on.book.change((record) => ({ ...record, drained: null }));
  return done.every(Boolean);
}

async function asked(trouble: string, slot: FleetSlot, on: Owing, ask: Holder['obtain']): Promise<boolean> {
  try {
    const answer = await ask(slot, on.signal);
    if (answer.is === 'granted') return true;
    on.alarm(
      'fleetLock',
      `the slot of ${slot.id} in the group ${slot.group} ${trouble}: ${answer.why}; it is tried again`,
    );
  } catch (error) {
    on.signal.throwIfAborted();
    on.alarm(
      'fleetLock',
      `the slot of ${slot.id} in the group ${slot.group} ${trouble}: ${sentenceOf(error)}; it is tried again`,
    );
  }
  return false;
}

async function undrained(command: readonly string[], on: Owing): Promise<boolean> {
  const end = await on.undrain(command, on.signal).catch((error: unknown) => {
    on.signal.throwIfAborted();
    return error instanceof Error ? error : new Error(String(error));
  });
  if (end === null || end instanceof Error || end.code !== 0) {
    on.alarm(
      'drain',
      `the update of a drained client was called off, and gates.drain.after ${howItEnded(end)}; it is tried again`,
    );
    return false;
  }
  await on.book.change((record) => ({ ...record, drained: null }));
  return true;
}

const isNothing = ({ back, again, after, isDrainOver }: Owed): boolean =>
  back.length === 0 && again.length === 0 && after === null && !isDrainOver;
