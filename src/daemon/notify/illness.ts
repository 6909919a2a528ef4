import type { Millis } from '../../core/release.ts';
import type { NotifyRecord } from '../../store/state-notify.ts';

/** A critical message that nobody took for so long is worth a silence: whoever misses the heartbeat is woken instead. */
const PATIENCE: Millis = 10 * 60_000;

/** Why the heart should not beat although the daemon works; `null`: it should. */
export function illnessOf({ queues }: NotifyRecord, now: Millis): string | null {
  const stuck = Object.entries(queues).find(([, queue]) =>
    queue.some(({ message, queued }) => message.severity === 'critical' && now - queued >= PATIENCE),
  );
  return stuck === undefined ? null : `${stuck[0]} cannot be told what is critical`;
}
