import type { GateRecord } from '../record.ts';
import { isSameSlot, withoutSlot, withSlot } from '../record.ts';
import type { LockAnswer } from './answer.ts';
import type { FleetSlot, LockVerb } from './client.ts';

/** The slots of one instance: what it may hold is on disk before a server is asked. */
export interface Holder {
  /** Asks for a slot. @throws what `change` throws: then nobody was asked */
  obtain(slot: FleetSlot, signal: AbortSignal): Promise<LockAnswer>;
  /** Gives one back; it is forgotten only once the server has said yes. */
  giveBack(slot: FleetSlot, signal: AbortSignal): Promise<LockAnswer>;
  /** Whether a server has granted it in this process's life. */
  isConfirmed(slot: FleetSlot): boolean;
}

export interface Holding {
  change(by: (record: GateRecord) => GateRecord): Promise<void>;
  ask(verb: LockVerb, slot: FleetSlot, signal: AbortSignal): Promise<LockAnswer>;
}

export function createHolder({ change, ask }: Holding): Holder {
  let granted: readonly FleetSlot[] = [];
  const without = (slot: FleetSlot) => granted.filter((one) => !isSameSlot(one, slot));

  return {
    isConfirmed: (slot) => granted.some((one) => isSameSlot(one, slot)),
    async obtain(slot, signal) {
      await change((record) => withSlot(record, slot));
      const answer = await ask('pre-reboot', slot, signal);
      granted = answer.is === 'granted' ? [...without(slot), slot] : without(slot);
      return answer;
    },
    async giveBack(slot, signal) {
      granted = without(slot);
      const answer = await ask('steady-state', slot, signal);
      if (answer.is === 'granted') await change((record) => withoutSlot(record, slot));
      return answer;
    },
  };
}
