import { configFor } from '../../config/config-for.ts';
import type { Instance } from '../../core/instance.ts';
import type { Live } from '../../core/instance-status.ts';
import type { Millis } from '../../core/release.ts';
import type { Cell } from './cell.ts';

/** The process of what is committed and healthy; a way to it, or a trial of another, serves nobody surely. */
export function servingPid({ slot }: Instance, cell: Cell): number | null {
  const child = cell.child.get();
  const isHealthy = slot.at === 'running' && slot.verdict === 'healthy';
  return isHealthy && child?.deployment.id === slot.deployment.id ? child.pid : null;
}

/** What of a status its live parts tell, and not its value. @param unsaved why its state cannot be saved; `null`: it can */
export function liveOf(cell: Cell, unsaved: string | null): Omit<Live, 'configured' | 'chain' | 'trouble'> {
  const child = cell.child.get();
  return {
    child: child && { pid: child.pid, startedAt: child.startedAt, checksum: child.deployment.release.checksum },
    blocked: unsaved ? `the state cannot be saved: ${unsaved}` : cell.blocked.get(),
    guard: cell.copies.status(),
    strangers: cell.look.get().strangers,
    gate: cell.gate.get()?.words ?? null,
    lastExit: cell.lastExit.get(),
    failing: cell.failing.get(),
    progress: cell.progress.get(),
  };
}

/** What a stop of it waits for. */
export function waitsFor(cell: Cell): readonly string[] {
  const child = cell.child.get();
  if (child === null) return [];
  const { network, client, stop } = configFor(cell.config(), child.deployment.release);
  const when = stop.grace === null ? 'in its own time (grace is infinite)' : `within ${stop.grace / 1000} s`;
  return [`${network}/${client}: its child ${child.pid} leaves ${when}`];
}

/** A decision takes as long as the disk takes to keep it: minutes, where that writes back much else. */
const STUCK = 5 * 60_000;

/** `null`: it is alive. */
export const stuckWords = (place: string, busyFor: Millis): string | null =>
  busyFor < STUCK ? null : `${place} has been at one decision for ${Math.round(busyFor / 1_000)} s`;
