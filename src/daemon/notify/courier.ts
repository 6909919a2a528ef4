import { setTimeout as pause } from 'node:timers/promises';
import type { CommandConfig, WebhookConfig } from '../../config/notify.ts';
import { type Backoff, waitOf } from '../../core/backoff.ts';
import type { Millis } from '../../core/release.ts';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Message } from '../../notify/message.ts';
import type { Outcome } from '../../notify/outcome.ts';
import { attempted, expire, type Item, marked, put, type Queue, recovered, type Step } from '../../notify/queue.ts';
import type { ReceiverLook } from '../../observe/look.ts';
import { createSignal } from '../instance/cell.ts';
import type { Book } from './book.ts';
import { deliver } from './deliver.ts';
import { createTally } from './tally.ts';

/** Brings one receiver its messages, one after the other. */
export interface Courier {
  put(message: Message): void;
  /** The file says something else of it. */
  revise(to: WebhookConfig | CommandConfig): void;
  look(): ReceiverLook;
  /** Ends after the attempt that is under way, or after a moment. */
  stop(): Promise<void>;
}

export interface Carrying {
  readonly to: WebhookConfig | CommandConfig;
  readonly book: Book;
  readonly log: Log;
  now(): Millis;
  iso(time: Millis): string;
  expireAfter(): Millis;
  allowInsecure(): boolean;
}

const backoff: Backoff = { after: 1_000, max: 5 * 60_000 };

/** What is on its way when the daemon stops has so long to arrive: else it would be sent again. */
const FAREWELL: Millis = 5_000;

export function createCourier(on: Carrying): Courier {
  const { book, now } = on;
  let { to } = on;
  const tally = createTally(to.name, on.log);
  const bell = createSignal(0);
  const [stopping, ending] = [new AbortController(), new AbortController()];
  const queue = (): Queue => book.get().queues[to.name] ?? [];

  function keep({ queue: next, results }: Step): void {
    const record = book.get();
    if (next !== queue()) book.set({ ...record, queues: { ...record.queues, [to.name]: next } });
    tally.count(results);
  }

  async function run(): Promise<void> {
    keep(recovered(queue()));
    while (!stopping.signal.aborted) {
      const stale = expire(queue(), now(), on.expireAfter());
      if (stale.results.length > 0) keep(stale);
      const [head] = queue();
      if (head === undefined) await bell.changed(stopping.signal);
      else await rest(await attempt(head), head.attempts);
    }
  }

  async function attempt({ message, attempts }: Item): Promise<Outcome> {
    const mayRepeat = to.delivery === 'atLeastOnce';
    if (!mayRepeat) keep({ queue: marked(queue(), message.id), results: [] });
    // on disk before it leaves: who hears of it may act on it, and we may die
    await book.saved();
    const delivery = { attempt: attempts + 1, allowInsecure: on.allowInsecure(), signal: ending.signal };
    const outcome = await deliver(to, message, delivery);
    tally.attempted(outcome);
    keep(attempted(queue(), message.id, outcome, mayRepeat));
    // on disk before the next: what arrived does not leave again
    await book.saved();
    return outcome;
  }

  /** Somewhere in the second half of the wait, so that a fleet does not come back at once. */
  async function rest(outcome: Outcome, n: number): Promise<void> {
    if (outcome.is !== 'failed') return;
    const wait = waitOf(backoff, n) * (0.5 + Math.random() / 2);
    const over = new AbortController();
    const leave = () => over.abort();
    stopping.signal.addEventListener('abort', leave, { once: true });
    // an edit of the receiver is tried at once
    const before = to;
    const revised = (async () => {
      while (to === before && !over.signal.aborted) await bell.changed(over.signal);
    })();
    const slept = pause(Math.max(wait, outcome.after ?? 0), undefined, { signal: over.signal }).catch(() => {});
    await Promise.race([slept, revised]);
    stopping.signal.removeEventListener('abort', leave);
    over.abort();
  }

  const ended = run().catch((error: unknown) => {
    if (ending.signal.aborted) return;
    on.log.error({ receiver: to.name, reason: sentenceOf(error) }, 'the messages to it broke; this is a bug');
  });

  return {
    put(message) {
      keep(put(queue(), message, now()));
      bell.set(bell.get() + 1);
    },
    revise(next) {
      if (JSON.stringify(next) === JSON.stringify(to)) return;
      to = next;
      bell.set(bell.get() + 1);
    },
    look() {
      const [oldest] = queue();
      const at = tally.deliveredAt();
      return {
        receiver: to.name,
        kind: to.kind,
        waiting: queue().length,
        oldestAt: oldest === undefined ? null : on.iso(oldest.queued),
        deliveredAt: at === null ? null : new Date(at).toISOString(),
        trouble: tally.trouble(),
        results: tally.results(),
      };
    },
    async stop() {
      stopping.abort();
      const late = setTimeout(() => ending.abort(), FAREWELL);
      await ended;
      clearTimeout(late);
    },
  };
}
