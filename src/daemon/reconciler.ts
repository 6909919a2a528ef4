import type { TaskEvent } from '../core/events.ts';
import { holdsSlot, keyOf, type Task } from '../core/tasks.ts';

/** What a task gets: `enter` resolves when the slot is free for it (only for tasks that hold the slot). */
export interface Stage {
  readonly signal: AbortSignal;
  enter(): Promise<void>;
}

export interface Reconciler {
  /** Stop what is in progress and no longer wanted; start what is wanted and not in progress. */
  want(tasks: readonly Task[]): void;
  /** Wants nothing any more; resolves when all has left. */
  stop(): Promise<void>;
}

export interface Reconciling {
  start(task: Task, stage: Stage): Promise<TaskEvent>;
  /** The one event of a task that was still wanted when it ended. */
  ended(event: TaskEvent): void;
  /** A task that threw although it was wanted: a bug, or a fault that its executor did not foresee. It is begun again in a while. */
  broke(task: Task, error: unknown): void;
}

/** A task that broke is a bug; that it is still wanted is a fact. */
const AGAIN = 5_000;

interface Going {
  readonly abort: AbortController;
  readonly left: Promise<void>;
}

/**
 * Makes what goes on equal to what should go on. A finished task is not started again while it stays wanted.
 * `before`: what must have left the slot before its first task enters (an orphan).
 */
export function createReconciler(on: Reconciling, before: Promise<void> = Promise.resolve()): Reconciler {
  const going = new Map<string, Going>();
  const leaving = new Set<Promise<void>>();
  let slot = before;

  function begin(task: Task): Going {
    const abort = new AbortController();
    const free = slot;
    const stage: Stage = { signal: abort.signal, enter: () => free };
    const work = on.start(task, stage).then(
      (event) => !abort.signal.aborted && on.ended(event),
      (error: unknown) => !abort.signal.aborted && again(task, error),
    );
    const left = work.then(() => {});
    if (holdsSlot(task)) slot = Promise.all([free, left]).then(() => {});
    return { abort, left };
  }

  function again(task: Task, error: unknown): void {
    on.broke(task, error);
    const broken = going.get(keyOf(task));
    const retry = setTimeout(() => {
      if (going.get(keyOf(task)) === broken) going.set(keyOf(task), begin(task));
    }, AGAIN);
    broken?.abort.signal.addEventListener('abort', () => clearTimeout(retry), { once: true });
  }

  function end({ abort, left }: Going): void {
    leaving.add(left);
    left.finally(() => leaving.delete(left));
    abort.abort();
  }

  function want(tasks: readonly Task[]): void {
    const wanted = new Map(tasks.map((task) => [keyOf(task), task]));
    for (const [key, task] of going) {
      if (wanted.has(key)) continue;
      going.delete(key);
      end(task);
    }
    for (const [key, task] of wanted) if (!going.has(key)) going.set(key, begin(task));
  }

  return {
    want,
    async stop() {
      want([]);
      while (leaving.size > 0) await Promise.all(leaving);
    },
  };
}
