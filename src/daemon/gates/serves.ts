import type { Instance } from '../../core/instance.ts';
import { serving } from '../../core/occupancy.ts';
import { isChildWanted } from '../../core/questions.ts';

/** What is seen of the child, beside the value. */
export interface Seen {
  /** A process of it is up. */
  readonly isUp: boolean;
  /** Something outside of us keeps it from being started. */
  readonly isBlocked: boolean;
  /** How many restarts without rest between make a crash loop. */
  readonly exits: number;
}

/**
 * Whether there is anything that an update would interrupt. A child between two starts counts (at the start of a supervisor, after one crash); one
 * that is down, blocked or in a crash loop does not: it must never bar its successor.
 */
export function serves(i: Instance, { isUp, isBlocked, exits }: Seen): boolean {
  const slot = serving(i);
  if (slot === null) return false;
  if (isUp) return true;
  return isChildWanted(i) && !isBlocked && slot.verdict !== 'unhealthy' && i.volatile.restarts < exits;
}
