import { told } from '../../core/notices/notice.ts';
import type { Task } from '../../core/tasks.ts';
import type { Child } from '../../process/child.ts';
import type { Cell } from '../instance/cell.ts';
import { leaveGate } from './gate.ts';
import { pointToPresent } from './point-current.ts';

export type Run = Extract<Task, { do: 'run' }>;

/** Its child is up: that is news, and the start is over. */
export function isUp({ of, turn }: Run, child: Child, isAdopted: boolean, cell: Cell): void {
  const leftAt = cell.leftAt.get();
  const last = cell.lastStart.get();
  const isAgain = last?.id === of.id;
  const downtime = leftAt === null ? null : Math.max(0, Math.round(performance.now() - leftAt));
  cell.blocked.set(null);
  cell.isClear.set(true);
  cell.copies.up();
  cell.child.set({
    pid: child.pid,
    deployment: of,
    turn,
    startedAt: child.startedAt,
    startedMonotonic: child.since,
    texts: new Set(child.texts),
    seen: (text) => child.seen(text),
  });
  cell.lastStart.set({ id: of.id, leftBy: 'exit' });
  cell.lastExit.set(null);
  leaveGate(cell);
  if (isAdopted) cell.notice({ event: 'orphan', action: 'adopted', ...told(of), pids: [child.pid] });
  else
    cell.notice({
      event: isAgain ? 'restarted' : 'started',
      ...told(of),
      pid: child.pid,
      downtime,
      ...(child.logFrom !== undefined && { logFrom: child.logFrom }),
      ...(isAgain ? { reason: last.leftBy } : {}),
    });
  void pointToPresent(of, cell);
}

/** Its child has gone, if there was one. */
export function left(cell: Cell): void {
  if (cell.child.get() !== null) {
    cell.leftAt.set(performance.now());
    cell.copies.down();
  }
  cell.child.set(null);
  cell.blocked.set(null);
}
