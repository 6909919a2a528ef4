/** What the world is after an event, and what the laws must remember of it. */
import type { Deployment } from '../../../src/core/deployment.ts';
import type { Instance, Slot } from '../../../src/core/instance.ts';
import { occupant } from '../../../src/core/occupancy.ts';
import type { Task } from '../../../src/core/tasks.ts';
import type { Move } from './moves/move.ts';
import { checksumOf, type Label, label, labelOrNone } from './names.ts';
import { add, drop, type Ground, type Node, type World } from './world.ts';

/** Before, the event, and what the core made of it. */
export interface Step {
  readonly before: Node;
  readonly move: Move;
  readonly i: Instance;
  readonly wanted: readonly Task[];
}

export function remember(g: Ground, step: Step): World {
  const moved = { ...step.before.w, ...step.move.world };
  const w = { ...moved, data: dataOf(moved, step) };
  return {
    ...w,
    knows: knows(w, step),
    fell: fell(w, step),
    refused: refused(w, step),
    entered: entered(w, step),
    served: served(w, step),
    older: older(w, step),
    livened: livened(g, w, step),
    came: came(w, step),
    prefetched: prefetched(g, w, step),
  };
}

/** The first client of all begins the data in its own form. */
function dataOf(w: World, { before, move: { event }, i }: Step): string {
  if (before.i.slot.at === 'switching' && event.type === 'rejected') return `${w.data}+half`;
  if (before.i.slot.at !== 'empty' || i.slot.at !== 'probation') return w.data;
  return [w.data, ...(i.slot.deployment.release.terms?.migrations ?? []).map(({ checksum }) => checksum)].join('+');
}

/** Whose child last had the slot. */
export function holder(slot: Slot): Deployment | null {
  return slot.at === 'switching' ? slot.from.deployment : occupant(slot);
}

/** What has come on probation in this step. */
export function newcomer({ before, i }: Step): Label | null {
  if (i.slot.at !== 'probation') return null;
  const name = label(i.slot.deployment);
  return before.i.slot.at === 'switching' || name !== labelOrNone(holder(before.i.slot)) ? name : null;
}

function knows(w: World, { i, wanted }: Step): World['knows'] {
  const isUp = i.slot.at === 'probation' && wanted.some((t) => t.do === 'run');
  return isUp ? add(w.knows, `${labelOrNone(occupant(i.slot))}/${w.data}`) : w.knows;
}

function fell(w: World, step: Step): World['fell'] {
  const { event } = step.move;
  const name = labelOrNone(occupant(step.i.slot));
  const stays = name === labelOrNone(occupant(step.before.i.slot));
  if (event.type === 'exited' && event.final && stays) return add(w.fell, name);
  const isStarted = event.type === 'started' || event.type === 'restarted';
  const who = isStarted ? name : newcomer(step);
  return who === null ? w.fell : drop(w.fell, (l) => l === who);
}

function refused(w: World, { before, move: { event }, i }: Step): World['refused'] {
  if (event.type === 'forgiven' || event.type === 'pinned') {
    const checksum = event.type === 'pinned' ? event.release.checksum : event.checksum;
    return drop(w.refused, (l) => checksum === null || checksumOf(l) === checksum);
  }
  const was = labelOrNone(occupant(before.i.slot));
  const is = labelOrNone(occupant(i.slot));
  if (event.type !== 'rejected' || was === is || was === '-') return w.refused;
  return add(w.refused, checksumOf(was) === checksumOf(is) ? was : checksumOf(was));
}

function entered(w: World, step: Step): string {
  const from = step.before.i.slot;
  if (newcomer(step) === null || from.at === 'probation') return w.entered;
  return `${step.i.chain.specVersion}/${labelOrNone(holder(from))}`;
}

function served(w: World, { i }: Step): string {
  if (i.slot.at !== 'running' || i.slot.verdict !== 'healthy') return w.served;
  return `${label(i.slot.deployment)}/${i.chain.specVersion}/${i.data}`;
}

/** A commit that no person asked for makes older what ran before; a way back makes it the present one again. */
function older(w: World, { before, i }: Step): World['older'] {
  if (i.slot.at !== 'running') return w.older;
  const is = i.slot.deployment.release.checksum;
  const former = before.i.slot.at === 'probation' ? before.i.formers[0]?.deployment.release.checksum : undefined;
  const isNewer = former !== undefined && former !== is && !i.said.pinned;
  const more = isNewer ? add(w.older, former) : w.older;
  return drop(more, (c) => c === is);
}

function livened({ policy }: Ground, w: World, { before, move, i }: Step): number {
  if (labelOrNone(occupant(before.i.slot)) !== labelOrNone(occupant(i.slot))) return 0;
  const sofar = (move.now ?? 0) >= policy.liveness.per ? 0 : w.livened;
  const isAsked = move.event.type === 'restarted' || move.event.type === 'started' || move.event.type === 'booted';
  const isRenewed = policy.restartOnSpecVersion && before.i.chain.specVersion !== i.chain.specVersion;
  return i.volatile.turn !== before.i.volatile.turn && !isAsked && !isRenewed ? sofar + 1 : sofar;
}

function came(w: World, { before, i }: Step): string {
  const { named, specVersion } = i.chain;
  const was = before.i.chain;
  if (specVersion !== was.specVersion && was.specVersion !== null)
    return named &&
      (was.pending?.checksum === named.checksum || (was.named?.checksum === 'F' && named.checksum === 'F'))
      ? named.checksum
      : w.came === named?.checksum
        ? w.came
        : '';
  return w.came === named?.checksum ? w.came : '';
}

function prefetched({ core: { tasks } }: Ground, w: World, { move: { ends }, wanted }: Step): string {
  const through = ends?.do === 'prefetch' ? tasks.keyOf(ends) : w.prefetched;
  return wanted.some((t) => t.do === 'prefetch' && tasks.keyOf(t) === through) ? through : '';
}
