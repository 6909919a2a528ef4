import { type Deployment, same } from './deployment.ts';
import type { Instance, Next, Serving, UpdateId, Verdict } from './instance.ts';
import { onData } from './migrations.ts';
import { occupant } from './occupancy.ts';
import type { Policy } from './policy.ts';
import { candidates, heldBackBy, isChildWanted, isRefused, isUrgent, withSettings } from './questions.ts';
import type { Migration, Millis } from './release.ts';
import { pendings } from './unfit.ts';

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
  | {
      readonly do: 'migrate';
      readonly of: Deployment;
      readonly update: UpdateId;
      readonly migrations: readonly Migration[];
    }
  | { readonly do: 'restore'; readonly update: UpdateId }
  /** `needs`: migrations of data whose bytes must lie ready too. */
  | { readonly do: 'download' | 'prefetch'; readonly of: Deployment; readonly needs: readonly Migration[] }
  | { readonly do: 'gate'; readonly of: Deployment; readonly since: Millis; readonly urgent: boolean }
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
      return [task.do, task.of.id, task.of.release.uri, ...task.needs.map((m) => m.checksum)].join(' ');
    case 'gate':
      return `gate ${task.of.id}${task.urgent ? ' urgent' : ''}`;
    case 'sleep':
      return `sleep ${task.until}`;
  }
}

export const holdsSlot = (task: Task): boolean => task.do === 'run' || task.do === 'migrate' || task.do === 'restore';

/** What should be going on now, as a function of the value alone. */
export function tasks(i: Instance, policy: Policy): readonly Task[] {
  return [
    ...inSlot(i),
    ...(i.next ? preparing(i, i.next, policy) : []),
    ...prefetching(i, policy),
    ...sleeping(i, policy),
  ];
}

function inSlot(i: Instance): readonly Task[] {
  switch (i.slot.at) {
    case 'empty':
      return [];
    case 'running':
    case 'probation':
      return child(i, i.slot);
    case 'switching':
      return [{ do: 'migrate', of: i.slot.to, update: i.slot.update, migrations: i.slot.migrations }];
    case 'reverting':
      return [
        i.slot.retryAt === null ? { do: 'restore', update: i.slot.update } : { do: 'sleep', until: i.slot.retryAt },
      ];
  }
}

function child(i: Instance, slot: Serving): readonly Task[] {
  const { rest, turn } = i.volatile;
  const { deployment: of, verdict: told } = slot;
  if (told === 'gone') return [rest === null ? { do: 'download', of, needs: [] } : { do: 'sleep', until: rest }];
  if (!isChildWanted(i)) return [];
  if (rest !== null) return [{ do: 'sleep', until: rest }];
  return [
    { do: 'run', of, turn },
    { do: 'watch', of, turn, told, since: slot.at === 'probation' ? slot.since : null },
  ];
}

function preparing(i: Instance, next: Next, policy: Policy): readonly Task[] {
  const { deployment: of } = next;
  switch (next.at) {
    case 'fetching':
      return [
        next.retryAt === null
          ? { do: 'download', of, needs: onData(i, of.release) }
          : { do: 'sleep', until: next.retryAt },
      ];
    case 'staged':
      return heldBackBy(i, policy) === null
        ? [{ do: 'gate', of, since: next.since, urgent: isUrgent(i, of) || of.release.terms?.urgent === true }]
        : [];
  }
}

/** What is pending is fetched, verified and laid out ahead of its time; that forgets its failures here. */
function prefetching(i: Instance, policy: Policy): readonly Task[] {
  const wanted = pendings(i, policy).flatMap((release) => withSettings(i, release));
  const isKnown = (of: Deployment) => same(of, i.next?.deployment ?? null) || same(of, occupant(i.slot));
  return wanted
    .filter((of) => !isKnown(of) && !isRefused(i, of) && policy.forbids(of.release) === null)
    .map((of) => ({ do: 'prefetch', of, needs: onData(i, of.release) }));
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
