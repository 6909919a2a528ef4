import type { InstanceEvent } from '../../../../src/core/events.ts';
import type { Task } from '../../../../src/core/tasks.ts';
import type { Budget } from '../scenario.ts';
import type { Node, World } from '../world.ts';

/** One thing that may happen in a state. */
export interface Move {
  readonly label: string;
  readonly event: InstanceEvent;
  /** It happens by itself, sooner or later. */
  readonly byItself: boolean;
  /** The task that ends in this event. */
  readonly ends?: Task;
  readonly now?: number;
  /** What the world is when the event is heard. */
  readonly world?: Partial<World>;
  /** The supervisor died: what is not on disk is forgotten. */
  readonly dies?: true;
}

/** Spends from the budget; `null` where nothing is left. */
export function spend({ w }: Node, what: keyof Budget): Partial<World> | null {
  return w.left[what] > 0 ? { left: { ...w.left, [what]: w.left[what] - 1 } } : null;
}

/** A no-event for what happens in the world only. */
export const nothingHeard: InstanceEvent = { type: 'prefetched', of: 'of nothing' };
