import type { TaskEvent } from '../../core/events.ts';
import type { Task } from '../../core/tasks.ts';
import type { Cell } from '../instance/cell.ts';
import type { Stage } from '../reconciler.ts';
import { fetchTask, prefetchTask } from './fetch.ts';
import { gateTask } from './gate.ts';
import { migrateTask } from './migrate.ts';
import { restoreTask } from './restore.ts';
import { runTask } from './run.ts';
import { watchTask } from './watch.ts';

/** Does a task until it ends in its event or is no longer wanted. */
export function execute(task: Task, cell: Cell, stage: Stage): Promise<TaskEvent> {
  switch (task.do) {
    case 'run':
      return runTask(task, cell, stage);
    case 'watch':
      return watchTask(task, cell, stage.signal);
    case 'download':
      return fetchTask(task.of, task.needs, cell, stage.signal);
    case 'prefetch':
      return prefetchTask(task.of, task.needs, cell, stage.signal);
    case 'gate':
      return gateTask(task, cell, stage.signal);
    case 'sleep':
      return cell.services.clock.sleepUntil(task.until, stage.signal).then(() => ({ type: 'woke' }));
    case 'migrate':
      return migrateTask(task, cell, stage);
    case 'restore':
      return restoreTask(task.update, cell, stage);
  }
}
