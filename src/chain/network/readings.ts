import type { History } from '../events/history.ts';
import type { Tuning } from '../tuning.ts';
import type { Alarms } from './alarms.ts';
import type { Announcer } from './announcer.ts';
import { clockAlarm } from './clock.ts';
import type { Highest } from './heads.ts';
import type { Reading } from './read-block.ts';
import type { Sightings } from './sightings.ts';
import type { Standing } from './standing.ts';

/** Where every reading of a network goes, whichever endpoint it came from. */
export interface Readings {
  /** The highest block that was read, ever: what is below it is not read. */
  highest(): Highest | null;
  /**
   * Returns whether the chain went on: a higher block, and not an old one, if there is another endpoint that may have newer ones.
   */
  take(endpoint: string, reading: Reading): boolean;
}

export interface ReadingsOptions {
  readonly floor: number | null;
  /** Whether there is another endpoint to turn to. */
  readonly hasOthers: boolean;
  readonly tuning: Tuning;
  readonly alarms: Alarms;
  readonly standing: Standing;
  readonly announcer: Announcer;
  readonly sightings: Sightings;
  readonly history: History;
}

export function createReadings({
  floor,
  hasOthers,
  tuning,
  alarms,
  standing,
  announcer,
  sightings,
  history,
}: ReadingsOptions): Readings {
  let highest: Highest | null = floor === null ? null : { number: floor, hash: null };
  const take: Readings['take'] = (endpoint, reading) => {
    const { block } = reading;
    const isHigher = highest === null || block.number > highest.number;
    highest = { number: block.number, hash: block.hash };
    const clock = clockAlarm(block.at, Date.now(), tuning);
    const wentOn = isHigher && (clock === null || !hasOthers);
    standing.read(endpoint, reading);
    alarms.clear('genesis', 'unreadable', 'finality', ...(wentOn ? (['stall'] as const) : []));
    if (clock === null) alarms.clear('clock');
    else alarms.raise('clock', clock);
    const changed = announcer.tell(reading);
    sightings.tell(reading);
    if (changed.length > 0) history.tell(endpoint, changed, block);
    return wentOn;
  };
  return { highest: () => highest, take };
}
