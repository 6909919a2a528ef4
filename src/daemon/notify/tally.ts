import type { Millis } from '../../core/release.ts';
import type { Log } from '../../log.ts';
import type { Outcome } from '../../notify/outcome.ts';
import type { Result } from '../../notify/queue.ts';
import type { ReceiverLook } from '../../observe/look.ts';

/** How it goes with one receiver: counted for the metrics, told once in the log. */
export interface Tally {
  attempted(outcome: Outcome): void;
  count(results: readonly Result[]): void;
  deliveredAt(): Millis | null;
  trouble(): string | null;
  results(): ReceiverLook['results'];
}

export function createTally(receiver: string, log: Log): Tally {
  const results = { delivered: 0, failed: 0, refused: 0, expired: 0, dropped: 0, unsure: 0 };
  let trouble: string | null = null;
  let deliveredAt: Millis | null = null;
  return {
    attempted(outcome) {
      const had = trouble;
      trouble = outcome.is === 'delivered' ? null : outcome.words;
      if (outcome.is === 'delivered') {
        deliveredAt = Date.now();
        if (had !== null) log.info({ receiver }, 'messages get through again');
        return;
      }
      if (outcome.is === 'failed') results.failed += 1;
      if (had === null) log.warn({ receiver, reason: outcome.words }, 'a message does not get through');
    },
    count(seen) {
      for (const result of seen) results[result] += 1;
      const lost = seen.filter((result) => result !== 'delivered');
      if (lost.length > 0) log.warn({ receiver, results: lost }, 'messages were given up');
    },
    deliveredAt: () => deliveredAt,
    trouble: () => trouble,
    results: () => ({ ...results }),
  };
}
