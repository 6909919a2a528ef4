import type { Millis } from '../core/release.ts';
import type { Moment } from './age.ts';
import { utc } from './times.ts';
import { open, opensAlthough, type Verdict, waits } from './verdict.ts';

/** How often the client's page is asked. */
const ASK_AGAIN: Millis = 10_000;

/**
 * Open once the metric holds, or was waited for long enough. A page that cannot be read, or is none, counts as not holding.
 * @param failure why it does not hold, in words; `null`: it holds
 * @param isSilent what has the slot was found unhealthy, and its page does not say: it never got so far, or is about to be started again anyway
 * @param since when it was first found not to hold for this update
 */
export function metricGate(
  failure: string | null,
  isSilent: boolean,
  atMost: Millis,
  since: Millis,
  at: Moment,
): Verdict {
  if (failure === null) return open;
  if (isSilent) return opensAlthough(waits(failure, 0), 'the client is unhealthy and does not say');
  const until = since + atMost;
  const wait = waits(
    `${failure}; until ${utc(until + at.drift)} at most`,
    Math.min(ASK_AGAIN, Math.max(0, until - at.now)),
  );
  return at.now >= until ? opensAlthough(waits(failure, 0), 'it was waited for as long as gates.metrics says') : wait;
}
