import type { ClientConfig } from '../../config/settings.ts';
import type { Instance } from '../../core/instance.ts';
import type { Policy } from '../../core/policy.ts';
import type { Millis } from '../../core/release.ts';
import type { End } from '../../gate/drain.ts';
import { askFleetLock, type FleetSlot } from '../../gate/fleet-lock/client.ts';
import { createHolder, type Holder } from '../../gate/fleet-lock/holder.ts';
import { withHeard } from '../../gate/record.ts';
import type { Log } from '../../log.ts';
import { endOf, type Place } from '../../probe/kinds/command.ts';
import { type GateBook, openGateBook } from './book.ts';
import { createDebts } from './debts.ts';
import { type OneAtATime, oneAtATime } from './one-at-a-time.ts';
import { fleetSlot, heardIn, standingOf } from './standing.ts';

/** What the gates of an instance remember, and what they have taken and give back. */
export interface Gatekeeper {
  readonly book: GateBook;
  readonly holder: Holder;
  /** What is asked for and what is given back: never both at a time. */
  readonly exclusive: OneAtATime;
  /** The slot that the file asks for; `null`: none. */
  slot(): FleetSlot | null;
  /** The value may be another: hears of releases, and gives back what is not needed any more. */
  look(): void;
  /** The instance is no longer in the file: gives back what it may hold, each once. */
  leave(): Promise<void>;
  /** Resolves when nothing is being done any more; after the signal. */
  ended(): Promise<void>;
}

export interface Keeping {
  /** Of the record. */
  readonly path: string;
  readonly log: Log;
  /** Aborts when the instance ends. */
  readonly signal: AbortSignal;
  value(): Instance;
  policy(): Policy;
  config(): ClientConfig;
  /** How commands of the operator are run for the instance as it is. */
  place(): Place;
  now(): Millis;
  alarm(about: 'fleetLock' | 'drain', reason: string): void;
}

/** How long what undoes a drain may take. */
const UNDRAIN_LIMIT: Millis = 600_000;

export async function openGatekeeper(on: Keeping): Promise<Gatekeeper> {
  const { signal } = on;
  const book = await openGateBook(on.path, on.log);
  const holder = createHolder({ change: book.change, ask: askFleetLock });
  const exclusive = oneAtATime();
  const slot = () => fleetSlot(on.config());
  const debts = createDebts({
    book,
    holder,
    exclusive,
    signal,
    standing: () => standingOf(on.value(), on.policy(), slot()),
    undrain: (command, own): Promise<End | null> => endOf(command, on.place(), UNDRAIN_LIMIT, own),
    alarm: once(on.alarm),
  });

  return {
    book,
    holder,
    exclusive,
    slot,
    look() {
      const releases = heardIn(on.value(), on.config());
      if (releases.length > 0) void book.note((record) => withHeard(record, releases, on.now()));
      const { is } = standingOf(on.value(), on.policy(), slot());
      if (is !== 'asking' && book.get().waiting !== null) void book.note((record) => ({ ...record, waiting: null }));
      debts.look();
    },
    async leave() {
      await debts.ended();
      const never = new AbortController().signal;
      for (const held of book.get().slots) {
        const { is } = await holder.giveBack(held, never);
        if (is !== 'granted')
          on.alarm('fleetLock', `${held.id} may still hold a slot of the group ${held.group}: give it back by hand`);
      }
    },
    ended: debts.ended,
  };
}

/** The same again is no news. */
function once(alarm: Keeping['alarm']): Keeping['alarm'] {
  const told = new Map<string, string>();
  return (about, reason) => {
    if (told.get(about) === reason) return;
    told.set(about, reason);
    alarm(about, reason);
  };
}
