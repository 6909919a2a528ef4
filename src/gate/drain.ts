import type { Millis } from '../core/release.ts';
import type { Moment } from './age.ts';
import { utc } from './times.ts';
import { open, opensAlthough, type Verdict, type Waits, waits } from './verdict.ts';

/** How the command ended; `null` in its place: it did not within its time, and was killed. */
export interface End {
  readonly code: number | null;
  readonly killedBy: string | null;
  readonly lastLine: string;
}

export interface Draining {
  readonly deadline: Millis;
  /** When it was first asked for this update. */
  readonly since: Millis;
  readonly urgent: boolean;
}

/** sysexits.h, EX_TEMPFAIL: not yet. */
const NOT_YET = 75;

const ASK_AGAIN: Millis = 60_000;

/**
 * Open when the command ended with 0. Anything but 75 is an alarm, and so is a drain that takes longer than its deadline; only an urgent release
 * goes then.
 */
export function drainGate(end: End | Error | null, { deadline, since, urgent }: Draining, at: Moment): Verdict {
  if (isEnd(end) && end.code === 0) return open;
  const until = since + deadline;
  const isOver = at.now >= until;
  const rest = isOver ? ASK_AGAIN : Math.min(ASK_AGAIN, until - at.now);
  const wait = { ...waiting(end, isOver, utc(until + at.drift)), again: rest };
  return isOver && urgent ? opensAlthough(wait, 'the release is urgent') : wait;
}

function waiting(end: End | Error | null, isOver: boolean, until: string): Waits {
  const how = howItEnded(end);
  const isWell = isEnd(end) && end.code === NOT_YET;
  const late = isOver ? `its deadline was ${until}` : `its deadline is ${until}`;
  const wait = waits(`the drain command (gates.drain): ${how}; ${late}`, ASK_AGAIN);
  if (!isWell) return { ...wait, alarm: `the drain command ${how}: the client is not updated while it does` };
  return isOver ? { ...wait, alarm: `the drain is not over by its deadline, ${until}` } : wait;
}

/** For people; the last line is the command's own. */
export function howItEnded(end: End | Error | null): string {
  if (end === null) return 'did not end within its deadline and was killed';
  if (!isEnd(end)) return `could not be started: ${end.message}`;
  const last = end.lastLine === '' ? '' : ` (${end.lastLine})`;
  if (end.killedBy !== null) return `was killed by ${end.killedBy}${last}`;
  return end.code === NOT_YET ? `says not yet${last}` : `exited with status ${end.code}${last}`;
}

const isEnd = (end: End | Error | null): end is End => end !== null && !(end instanceof Error);
