import type { TaskEvent } from '../../core/events.ts';
import type { Task } from '../../core/tasks.ts';
import { type Level, type Subject, watch } from '../../probe/watch.ts';
import type { Cell } from '../instance/cell.ts';

type Watch = Extract<Task, { do: 'watch' }>;

/** Watches the child until it is another than was told. Ends in `healthy` or `unhealthy`. */
export async function watchTask(task: Watch, cell: Cell, signal: AbortSignal): Promise<TaskEvent> {
  const { health, liveness, probes, settings } = cell.config();
  const begun = task.since ?? cell.services.clock.now();
  const options = {
    told: level(task.told),
    onProbation: task.since !== null,
    minHealthyTime: health.minHealthyTime,
    deadline: Math.max(0, begun + health.healthyDeadline - cell.services.clock.now()),
    failFor: liveness.failFor,
    probes,
    cwd: settings.cwd,
    env: settings.env,
  };
  const { verdict, reason } = await watch(options, subjectOf(task, cell), signal);
  return verdict === 'healthy' ? { type: 'healthy', of: task.of.id } : { type: 'unhealthy', of: task.of.id, reason };
}

/** A child that is down or whose bytes are gone is not watched: the core wants no watch then. */
const level = (told: Watch['told']): Level => (told === 'healthy' || told === 'unhealthy' ? told : 'unknown');

/** The child that this very task is about: while the former one still leaves, nobody is there. */
function subjectOf({ of, turn }: Watch, { child }: Cell): Subject {
  return {
    child: () => {
      const now = child.get();
      if (now?.deployment.id !== of.id || now.turn !== turn) return null;
      return { pid: now.pid, startedAt: now.startedMonotonic, seen: (text) => now.seen(text) };
    },
    changed: (signal) => child.changed(signal),
  };
}
