import type { Millis } from '../core/release.ts';
import { type Message, severities } from './message.ts';
import type { Outcome } from './outcome.ts';

/** A message that waits for its receiver. */
export interface Item {
  readonly message: Message;
  /** How often it was tried. */
  readonly attempts: number;
  /** When it was queued, by our own clock. */
  readonly queued: Millis;
  /** It is being sent, to a receiver that must not get it twice: written before the first byte leaves. */
  readonly sending: boolean;
}

/** The oldest first: a receiver gets them in order. */
export type Queue = readonly Item[];

/** A receiver that is away for a week must not fill a disk. */
export const queueCap = 200;

/** What went out of a queue, for the counters. */
export type Result = 'delivered' | 'refused' | 'expired' | 'dropped' | 'unsure';

export interface Step {
  readonly queue: Queue;
  readonly results: readonly Result[];
}

/** Puts a message at the end. What says the same as one that still waits is left out; where it is full, the oldest of the least severe goes. */
export function put(queue: Queue, message: Message, now: Millis): Step {
  if (message.state === 'firing' && isWaiting(queue, message)) return { queue, results: [] };
  const next = [...queue, { message, attempts: 0, queued: now, sending: false }];
  return next.length <= queueCap ? { queue: next, results: [] } : { queue: without(next), results: ['dropped'] };
}

/** The newest word of its condition waits, and is the same. */
function isWaiting(queue: Queue, { key, summary, reason }: Message): boolean {
  const last = queue.findLast((item) => item.message.key === key)?.message;
  return last?.state === 'firing' && last.summary === summary && last.reason === reason;
}

/** The head may be on its way. */
function without(queue: Queue): Queue {
  const rank = ({ message }: Item) => severities.indexOf(message.severity);
  const rest = queue.slice(1);
  const least = Math.max(...rest.map(rank));
  const gone = rest.findIndex((item) => rank(item) === least);
  return queue.filter((_, index) => index !== gone + 1);
}

/** What is too old to be of use goes. */
export function expire(queue: Queue, now: Millis, after: Millis): Step {
  const fresh = queue.filter(({ queued }) => now - queued < after);
  return { queue: fresh, results: Array.from({ length: queue.length - fresh.length }, () => 'expired') };
}

/** After a restart: what was being sent may have arrived, and is not sent twice to whom that was promised. */
export function recovered(queue: Queue): Step {
  const sure = queue.filter(({ sending }) => !sending);
  return { queue: sure, results: Array.from({ length: queue.length - sure.length }, () => 'unsure') };
}

/** What became of an attempt at the head. */
export function attempted(queue: Queue, id: string, outcome: Outcome, mayRepeat: boolean): Step {
  const leave = (result: Result): Step => ({
    queue: queue.filter(({ message }) => message.id !== id),
    results: [result],
  });
  if (outcome.is === 'delivered') return leave('delivered');
  if (outcome.is === 'refused') return leave('refused');
  if (outcome.isUnsure && !mayRepeat) return leave('unsure');
  const again = (item: Item): Item =>
    item.message.id === id ? { ...item, attempts: item.attempts + 1, sending: false } : item;
  return { queue: queue.map(again), results: [] };
}

export const marked = (queue: Queue, id: string): Queue =>
  queue.map((item) => (item.message.id === id ? { ...item, sending: true } : item));
