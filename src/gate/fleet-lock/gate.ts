import type { Millis } from '../../core/release.ts';
import type { Moment } from '../age.ts';
import { utc } from '../times.ts';
import { open, opensAlthough, type Verdict, type Waits, waits } from '../verdict.ts';
import type { LockAnswer } from './answer.ts';
import type { FleetSlot } from './client.ts';

export interface Urgency {
  /** For how long the slot is waited for; `null`: until it is granted. */
  readonly atMost: Millis | null;
  /** When it was first asked for, for this update. */
  readonly since: Millis;
}

/** Drawn between half and the whole of it, so that many hosts do not ask at one time. */
const ASK_AGAIN: Millis = 40_000;

/** Where a person has to mend something first. */
const REFUSED_AGAIN: Millis = 600_000;

/**
 * Open when the slot was granted.
 * @param chance in [0, 1)
 */
export function fleetLockGate(
  answer: LockAnswer,
  slot: FleetSlot,
  { atMost, since }: Urgency,
  at: Moment,
  chance: number,
): Verdict {
  if (answer.is === 'granted') return open;
  const wait = waiting(answer, slot, chance);
  if (atMost === null) return wait;
  const until = since + atMost;
  if (at.now >= until) return opensAlthough(wait, 'the release is urgent');
  return {
    ...wait,
    for: `${wait.for}; until ${utc(until + at.drift)} at most`,
    again: Math.min(wait.again, until - at.now),
  };
}

function waiting(answer: Exclude<LockAnswer, { is: 'granted' }>, slot: FleetSlot, chance: number): Waits {
  const words = `a slot of the FleetLock group ${slot.group}: ${answer.why}`;
  if (answer.is === 'notNow') return waits(words, Math.round(ASK_AGAIN * (0.5 + chance / 2)));
  const alarm = `the FleetLock server refuses to be asked (${answer.why}): look at gates.fleetLock`;
  return { ...waits(words, REFUSED_AGAIN), alarm };
}
