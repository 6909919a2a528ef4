import { type Deployment, deploymentOf, isRenderable, same } from './deployment.ts';
import { type Instance, type Next, occupant, type Serving, type UpdateId, type Verdict } from './instance.ts';
import type { Policy } from './policy.ts';
import { candidates, heldBackBy, isChildWanted, isRefused } from './questions.ts';
import type { Millis } from './release.ts';

/** What should be going on. `run`, `migrate` and `restore` share one slot: the next begins when the last has fully left. */
export type Task =
  | { readonly do: 'run'; readonly of: Deployment; readonly turn: number }
  /** Ends when the level is another than `told`. */
  | {
      readonly do: 'watch';
      readonly of: Deployment;
      readonly turn: number;
      readonly told: Verdict;
      readonly since: Millis | null;
    }
  | { readonly do: 'migrate'; readonly of: Deployment; readonly update: UpdateId }
  | { readonly do: 'restore'; readonly update: UpdateId }
  | { readonly do: 'download' | 'prefetch' | 'gate'; readonly of: Deployment }
  | { readonly do: 'sleep'; readonly until: Millis };

/** Two tasks with one key are one task. The uri is part of a download's: another address is another attempt. */
export function keyOf(task: Task): string {
  switch (task.do) {
    case 'run':
      return `run ${task.of.id} ${task.turn}`;
    case 'watch':
      return `watch ${task.of.id} ${task.turn} ${task.told} ${task.since}`;
    case 'migrate':
      return `migrate ${task.update} ${task.of.id}`;
    case 'restore':
      return `restore ${task.update}`;
    case 'download':
    case 'prefetch':
      return `${task.do} ${task.of.id} ${task.of.release.uri}`;
    case 'gate':
      return `gate ${task.of.id}`;
    case 'sleep':
      return `sleep ${task.until}`;
  }
}

export const holdsSlot = (task: Task): boolean => task.do === 'run' || task.do === 'migrate' || task.do === 'restore';

/** What should be going on now, as a function of the value alone. */
export function tasks(i: Instance, policy: Policy): readonly Task[] {
  return [...inSlot(i), ...(i.next ? preparing(i, i.next) : []), ...prefetching(i), ...sleeping(i, policy)];
}

function inSlot(i: Instance): readonly Task[] {
  switch (i.slot.at) {
    case 'empty':
      return [];
    case 'running':
    case 'probation':
      return child(i, i.slot);
    case 'switching':
      return [{ do: 'migrate', of: i.slot.to, update: i.slot.update }];
    case 'reverting':
      return [
        i.slot.retryAt === null ? { do: 'restore', update: i.slot.update } : { do: 'sleep', until: i.slot.retryAt },
      ];
  }
}

function child(i: Instance, slot: Serving): readonly Task[] {
  const { rest, turn } = i.volatile;
  const { deployment: of, verdict: told } = slot;
  if (told === 'gone') return [rest === null ? { do: 'download', of } : { do: 'sleep', until: rest }];
  if (!isChildWanted(i)) return [];
  if (rest !== null) return [{ do: 'sleep', until: rest }];
  return [
    { do: 'run', of, turn },
    { do: 'watch', of, turn, told, since: slot.at === 'probation' ? slot.since : null },
  ];
}

function preparing(i: Instance, next: Next): readonly Task[] {
  switch (next.at) {
    case 'fetching':
      return [next.retryAt === null ? { do: 'download', of: next.deployment } : { do: 'sleep', until: next.retryAt }];
    case 'staged':
      return heldBackBy(i) === null ? [{ do: 'gate', of: next.deployment }] : [];
  }
}

/** What is pending for the next runtime is fetched, verified and laid out ahead of it; that forgets its failures here. */
function prefetching(i: Instance): readonly Task[] {
  const { pending } = i.chain;
  if (pending === null || !isRenderable(pending, i.config.settings)) return [];
  const of = deploymentOf(pending, i.config.settings);
  const isKnown = same(of, i.next?.deployment ?? null) || same(of, occupant(i.slot));
  return isKnown || isRefused(i, of) ? [] : [{ do: 'prefetch', of }];
}

/** Only times whose coming changes something. */
function sleeping(i: Instance, policy: Policy): readonly Task[] {
  const matter = i.bars.some((bar) => bar.by === 'failure') ? candidates(i, policy) : [];
  const bars = i.bars.flatMap((bar) =>
    bar.by === 'failure' && 'until' in bar.wait && matter.some((d) => same(d, bar.of)) ? [bar.wait.until] : [],
  );
  const young = i.slot.at === 'running' && i.slot.youngUntil !== null && isChildWanted(i) ? [i.slot.youngUntil] : [];
  const liven = i.volatile.livenAt !== null && isChildWanted(i) ? [i.volatile.livenAt] : [];
  const hold = i.said.held?.until != null ? [i.said.held.until] : [];
  return [...new Set([...bars, ...young, ...liven, ...hold])].map((until) => ({ do: 'sleep', until }));
}
