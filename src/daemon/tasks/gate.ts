import type { Deployment } from '../../core/deployment.ts';
import type { TaskEvent } from '../../core/events.ts';
import type { Cell } from '../instance/cell.ts';

/** Whose old child serves waits for its turn among the instances that switch; where nothing serves nothing is waited for. */
export async function gateTask(of: Deployment, cell: Cell, signal: AbortSignal): Promise<TaskEvent> {
  if (cell.child.get() === null || cell.permit.get() !== null) return { type: 'cleared', of: of.id };
  cell.gate.set('its turn: another instance is being switched');
  const present = new AbortController();
  const leave = () => present.abort();
  signal.addEventListener('abort', leave, { once: true });
  void childGone(cell, present.signal).then(leave);
  try {
    const giveBack = await cell.services.updating.acquire(present.signal);
    if (signal.aborted) giveBack();
    signal.throwIfAborted();
    cell.permit.set({ of: of.id, giveBack });
  } catch (error) {
    signal.throwIfAborted();
    if (!present.signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
    cell.gate.set(null);
  }
  return { type: 'cleared', of: of.id };
}

/** Resolves when no child is up, or when the signal aborts. */
async function childGone({ child }: Cell, signal: AbortSignal): Promise<void> {
  while (child.get() !== null && !signal.aborted) await child.changed(signal);
}

/** Gives the turn to the next: the new child has been started, or it came to nothing. */
export function leaveGate(cell: Cell): void {
  cell.permit.get()?.giveBack();
  cell.permit.set(null);
}
