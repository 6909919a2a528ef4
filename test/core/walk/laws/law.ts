import type { Task } from '../../../../src/core/tasks.ts';
import type { Step } from '../remember.ts';
import type { Ground, Node } from '../world.ts';

/** What is true of every state. `tasks`: what is wanted there. */
export interface StateLaw {
  readonly law: string;
  readonly isBroken: (g: Ground, n: Node, tasks: readonly Task[]) => boolean;
}

/** What is true of every event. */
export interface StepLaw {
  readonly law: string;
  readonly isBroken: (g: Ground, step: Step) => boolean;
}

export const isDoing = (tasks: readonly Task[], what: Task['do']): boolean => tasks.some((t) => t.do === what);

type Run = Extract<Task, { readonly do: 'run' }>;
export const runOf = (tasks: readonly Task[]): Run | null => tasks.find((t): t is Run => t.do === 'run') ?? null;
