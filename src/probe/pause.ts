import { setTimeout } from 'node:timers/promises';
import type { Millis } from '../core/release.ts';
import { provenAt, type Terms } from './level.ts';

/** The longest that a timer of Node takes; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * How long there is nothing to see: until the next round, the end of the proof or the deadline, whichever is first.
 * @param startedAt of the child; `null`: it is down
 * @param every between two rounds; `null`: there is nothing to ask
 * @param judgedAt when what was judged last was seen: what has come since then is still to be judged, at once
 */
export function pauseAfter(
  terms: Terms,
  startedAt: number | null,
  every: Millis | null,
  judgedAt: number,
  now: number,
): Millis {
  const proof = startedAt === null || terms.told === 'healthy' ? [] : [provenAt(terms, startedAt)];
  const deadline = terms.told === 'unknown' ? [terms.deadlineAt] : [];
  const coming = [...proof, ...deadline].filter((at) => at > judgedAt).map((at) => Math.max(0, at - now));
  return Math.min(longestTimer, every ?? Infinity, ...coming);
}

/** Sleeps; answers how long it really was. Rejects when `signal` aborts. */
export async function nap(pause: Millis, now: () => number, signal: AbortSignal): Promise<Millis> {
  const begunAt = now();
  await setTimeout(Math.ceil(pause), undefined, { signal });
  return now() - begunAt;
}
