/** What happens by itself: each task ends in its event, as the world has it. */
import type { InstanceEvent } from '../../../../src/core/events.ts';
import type { Task } from '../../../../src/core/tasks.ts';
import { label } from '../names.ts';
import { add, before, type Ground, has, type Node, truth, type World } from '../world.ts';
import { type Move, nothingHeard, spend } from './move.ts';

type Of<Kind extends Task['do']> = Extract<Task, { readonly do: Kind }>;

export function movesOfTasks(g: Ground, n: Node, going: readonly Task[]): readonly Move[] {
  const calm: readonly Move[] = n.w.storm
    ? [{ label: 'the storm ends', event: nothingHeard, byItself: true, world: { storm: false } }]
    : [];
  return [...going.flatMap((task) => movesOf(g, n, task)), ...calm];
}

function movesOf(g: Ground, n: Node, task: Task): readonly Move[] {
  switch (task.do) {
    case 'run':
      return ofRun(g, n, task);
    case 'watch':
      return ofWatch(g, n, task);
    case 'download':
    case 'prefetch':
      return ofFetch(n, task);
    case 'gate':
      return ofGate(n, task);
    case 'migrate':
      return ofMigration(g, n, task);
    case 'restore':
      return [
        { ...ended(task, { type: 'restored' }, 'restored'), world: { data: before(n.w.data) } },
        ...unlucky(n, 'fetchFails', task, { type: 'restoreFailed', reason: 'no disk' }, 'the restore failed'),
      ];
    case 'sleep':
      return [{ ...ended(task, { type: 'woke' }, `woke at ${task.until}`), now: task.until }];
  }
}

const ended = (ends: Task, event: InstanceEvent, words: string): Move => ({
  label: words,
  event,
  byItself: true,
  ends,
});

function unlucky(
  n: Node,
  what: 'fetchFails' | 'exits' | 'finals',
  task: Task,
  event: InstanceEvent,
  words: string,
): readonly Move[] {
  const world = spend(n, what);
  return world ? [{ ...ended(task, event, words), byItself: false, world }] : [];
}

function ofRun(g: Ground, n: Node, task: Of<'run'>): readonly Move[] {
  const name = label(task.of);
  const of = task.of.id;
  const health = truth(g, n, name);
  if (!has(n.w.laid, name) || health === 'rotten') {
    const laid = n.w.laid.split(' ').filter((d) => d !== '' && d !== name);
    const world = { laid: laid.map((d) => ` ${d}`).join('') };
    return [{ ...ended(task, { type: 'spoiled', of }, `${name} is spoiled`), world }];
  }
  const exit = (final: boolean, uptime = 0) => ({ type: 'exited', of, final, uptime, reason: 'it left' }) as const;
  if (health === 'crash' || health === 'final') return [ended(task, exit(health === 'final'), `${name} left`)];
  return [
    ...unlucky(n, 'exits', task, exit(false), `${name} left by bad luck`),
    ...(n.w.left.exits > 1 ? unlucky(n, 'exits', task, exit(false, 9), `${name} left after a long time`) : []),
    ...unlucky(n, 'finals', task, exit(true), `${name} left for good by bad luck`),
  ];
}

function ofWatch(g: Ground, n: Node, task: Of<'watch'>): readonly Move[] {
  const name = label(task.of);
  const health = truth(g, n, name);
  if (!has(n.w.laid, name)) return [];
  const may = (verdict: 'healthy' | 'unhealthy', asIn: 'good' | 'sick') =>
    task.told !== verdict && (health === asIn || health === 'flaky');
  const { id: of } = task.of;
  return [
    ...(may('healthy', 'good') ? [ended(task, { type: 'healthy', of }, `${name} is healthy`)] : []),
    ...(may('unhealthy', 'sick')
      ? [ended(task, { type: 'unhealthy', of, reason: 'sick' }, `${name} is unhealthy`)]
      : []),
  ];
}

function ofFetch(n: Node, task: Of<'download' | 'prefetch' | 'gate'>): readonly Move[] {
  const name = label(task.of);
  const type = task.do === 'download' ? 'fetched' : 'prefetched';
  const world: Partial<World> = { laid: add(n.w.laid, name) };
  const got = { ...ended(task, { type, of: task.of.id }, `${name} is ${type}`), world };
  const failed = { type: 'fetchFailed', of: task.of.id, reason: 'no bytes' } as const;
  return [got, ...(task.do === 'download' ? unlucky(n, 'fetchFails', task, failed, `${name} is not to be had`) : [])];
}

/** The gate hashes once more what it lets in. */
function ofGate(n: Node, task: Of<'download' | 'prefetch' | 'gate'>): readonly Move[] {
  const name = label(task.of);
  const { id: of } = task.of;
  if (!has(n.w.laid, name)) return [ended(task, { type: 'spoiled', of }, `${name} is spoiled while staged`)];
  return [ended(task, { type: 'cleared', of }, `${name} is cleared`)];
}

function ofMigration(g: Ground, n: Node, task: Of<'migrate'>): readonly Move[] {
  const name = label(task.of);
  const { id: of } = task.of;
  const failed = { type: 'migrationFailed', of, reason: 'half done' } as const;
  if (g.scenario.badMigration)
    return [{ ...ended(task, failed, `migration to ${name} failed`), world: { data: `${n.w.data}+half` } }];
  return [
    {
      ...ended(task, { type: 'migrated', of }, `migrated to ${name}`),
      world: { data: [n.w.data, ...task.migrations.map(({ checksum }) => checksum)].join('+') },
    },
  ];
}
