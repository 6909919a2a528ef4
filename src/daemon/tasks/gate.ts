import type { Deployment } from '../../core/deployment.ts';
import type { TaskEvent } from '../../core/events.ts';
import type { Cell } from '../instance/cell.ts';

/** Whose old child serves waits for its turn among the instances that switch; where nothing serves nothing is waited for. */
export async function gateTask(of: Deployment, cell: Cell, signal: AbortSignal): Promise<TaskEvent> {
  if (cell.child.get() === null || cell.permit.get() !== null) return { type: 'cleared', of: of.id };
  cell.gate.set('its turn: another instance is being switched');
  try {
    const giveBack = await cell.services.updating.acquire(signal);
    if (signal.aborted) giveBack();
    signal.throwIfAborted();
    cell.permit.set(giveBack);
    return { type: 'cleared', of: of.id };
  } finally {
    cell.gate.set(null);
  }
}

/** Gives the turn to the next: the new child has been started, or it came to nothing. */
export function leaveGate(cell: Cell): void {
  cell.permit.get()?.();
  cell.permit.set(null);
}
