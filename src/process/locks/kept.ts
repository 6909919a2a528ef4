import type { Millis } from '../../core/release.ts';
import type { Lock } from '../lock.ts';
import { guards } from './guards.ts';

/**
 * Locks that the end of one run keeps for the next run of the same client, which follows at once: it has been proved that nobody has them, and
 * proving it again would cost the switch another helper. Who does not come in time finds them free.
 */
const kept = new Map<string, Kept>();

interface Kept {
  readonly lock: Lock;
  readonly since: number;
  readonly timer: NodeJS.Timeout;
}

/** @param since when the run began that had it (Process.start of its child) */
export function keepFor(lock: Lock, ms: Millis, since: number): void {
  takeKept(lock.path)?.release();
  const timer = setTimeout(() => takeKept(lock.path)?.release(), ms);
  timer.unref(); // our own end frees it too
  kept.set(lock.path, { lock, since, timer });
}

/** Of a lock that is kept: when the last run began. What was there before that run was looked at before it; `null`: not kept. */
export const keptSince = (path: string): number | null => kept.get(path)?.since ?? null;

/** The lock, if it was kept and its file still lies at its path. */
export function takeKept(path: string): Lock | null {
  const found = kept.get(path);
  if (found === undefined) return null;
  kept.delete(path);
  clearTimeout(found.timer);
  if (guards(found.lock)) return found.lock;
  found.lock.release();
  return null;
}
