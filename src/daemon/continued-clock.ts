import { sentenceOf } from '../errors.ts';
import type { Home } from '../layout.ts';
import type { Log } from '../log.ts';
import { bootId, machineTime } from '../process/machine.ts';
import { type ClockRecord, loadClock, saveClock } from '../store/state-clock.ts';
import { type Clock, createClock } from './clock.ts';

/**
 * The clock that the daemon before us in this boot went by: what is on disk was written by it, and a wall clock that was set between the two must
 * neither end a person's hold nor make a quarantine last. The first in a boot begins with the wall's.
 */
export async function continuedClock(home: Home, log: Log): Promise<Clock> {
  const here = { boot: bootId(), machine: machineTime() };
  const begin = continued(await loadClock(home.clock), here);
  if (begin !== null) return createClock({ begin });
  const clock = createClock();
  await saveClock(home.clock, { schema: 1, ...here, time: clock.now() }).catch((error: unknown) =>
    log.warn({ reason: sentenceOf(error) }, 'the clock cannot be kept: after a restart the wall clock counts'),
  );
  return clock;
}

/** `null`: another boot, or one whose time does not go on (some containers show a time of their own). */
export function continued(before: ClockRecord | null, here: Pick<ClockRecord, 'boot' | 'machine'>): number | null {
  if (before === null || before.boot !== here.boot || here.machine < before.machine) return null;
  return before.time + (here.machine - before.machine);
}
