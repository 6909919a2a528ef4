/** What does not happen by itself: the chain, the file, a person, and bad luck. */
import type { Announced, InstanceEvent } from '../../../../src/core/events.ts';
import { serving } from '../../../../src/core/occupancy.ts';
import type { Release } from '../../../../src/core/release.ts';
import { checksumOf, deployment, type Label, nameOf, numberOf, release, releaseOrNull, settingsOf } from '../names.ts';
import type { Act, Budget } from '../scenario.ts';
import { before, drop, type Ground, list, type Node, type World } from '../world.ts';
import { type Move, nothingHeard, spend } from './move.ts';

export function movesOfOthers(g: Ground, n: Node): readonly Move[] {
  return [...ofChain(g, n), ...ofFile(g, n), ...ofPerson(g, n), ...ofFate(g, n)];
}

function bought(n: Node, what: keyof Budget, moves: (world: Partial<World>) => readonly Move[]): readonly Move[] {
  const world = spend(n, what);
  return world ? moves(world) : [];
}

const happens = (words: string, event: InstanceEvent, world: Partial<World>): Move => ({
  label: words,
  event,
  byItself: false,
  world,
});

/** The chain as it was last heard, but for what is new. */
export function announcement(g: Ground, n: Node, news: Partial<Announced>): Announced {
  const { named, pending, upgradeAhead, specVersion, block } = n.i.chain;
  const ready = list(n.w.laid).map((l) => deployment(g.core, l).id);
  return { type: 'announced', current: named, pending, upgradeAhead, specVersion, block, ready, ...news };
}

function ofChain(g: Ground, n: Node): readonly Move[] {
  const { named, pending, specVersion } = n.i.chain;
  const { names = ['A', 'B'], pendings = ['B'] } = g.scenario;
  const isNews = (name: string | null, r: Release | null) => name !== (r && nameOf(r));
  const naming = (world: Partial<World>) =>
    names
      .filter((name) => isNews(name, named))
      .map((name) => {
        const event = announcement(g, n, { current: releaseOrNull(name) });
        return happens(`${name ?? 'nothing'} is named`, event, world);
      });
  const staging = (world: Partial<World>) => [
    ...pendings
      .filter((name) => isNews(name, pending))
      .map((name) => {
        const event = announcement(g, n, { pending: release(name), upgradeAhead: true });
        return happens(`${name} is pending`, event, world);
      }),
    ...(pending
      ? [happens('the upgrade is called off', announcement(g, n, { pending: null, upgradeAhead: false }), world)]
      : []),
  ];
  const upgrading = (world: Partial<World>) => {
    const runtime = (specVersion ?? 0) + 1;
    const news = { specVersion: runtime, upgradeAhead: false, pending: null, current: pending ?? named };
    return [happens(`runtime ${runtime}`, announcement(g, n, news), world)];
  };
  return [...bought(n, 'names', naming), ...bought(n, 'pendings', staging), ...bought(n, 'runtimes', upgrading)];
}

function ofFile(g: Ground, n: Node): readonly Move[] {
  const { settings, initial } = n.i.config;
  const other = 3 - numberOf(settings);
  const { initials = [] } = g.scenario;
  return bought(n, 'edits', (world) => [
    happens(`edit ${other}`, { type: 'configured', settings: settingsOf(other), initial }, world),
    ...initials
      .filter((name) => name !== (initial && nameOf(initial)))
      .map((name) => {
        const event = { type: 'configured', settings, initial: releaseOrNull(name) } as const;
        return happens(`start.initial is ${name ?? 'removed'}`, event, world);
      }),
  ]);
}

function ofPerson({ scenario: { acts = [] } }: Ground, n: Node): readonly Move[] {
  const { held, stopped } = n.i.said;
  const mayRestore = stopped && serving(n.i) !== null && ranBefore(n.i);
  const may = (act: Act) =>
    !(act.startsWith('held') && held) && !(act === 'stopped' && stopped) && (act !== 'dataRestored' || mayRestore);
  return [
    ...bought(n, 'acts', (world) =>
      acts.filter(may).map((act) => happens(act, eventOf(act, n), { ...world, ...worldOf(act, n) })),
    ),
    ...(held ? [happens('resumed', { type: 'resumed' }, {})] : []),
    ...(stopped ? [happens('started', { type: 'started' }, {})] : []),
  ];
}

/** What an act does to the world beside what the core makes of it. */
function worldOf(act: Act, { w }: Node): Partial<World> {
  return act === 'dataRestored' ? { data: before(w.data) } : {};
}

/** Whether a former ran on the data as they were before the last update. */
function ranBefore({ data, updates, formers }: Node['i']): boolean {
  return data !== null && formers.some((former) => former.data === updates[data]?.from);
}

function eventOf(act: Act, { i }: Node): InstanceEvent {
  const [verb, what, more] = act.split(' ') as [
    Act | 'approved' | 'disapproved',
    string | undefined,
    string | undefined,
  ];
  switch (verb) {
    case 'held':
      return { type: 'held', until: what === undefined ? null : Number(what) };
    case 'approved':
    case 'disapproved':
      return { type: verb, checksum: what ?? '' };
    case 'dataRestored':
      return { type: 'dataRestored', update: i.data ?? '' };
    case 'forgiven':
      return { type: 'forgiven', checksum: what ?? null };
    case 'stopped':
    case 'started':
    case 'restarted':
    case 'rejected':
    case 'unpinned':
      return { type: verb };
    default:
      return { type: 'pinned', release: release(what ?? ''), forever: more === 'forever' };
  }
}

/** Whose child lives on when the supervisor is killed: nobody's, or that of a deployment that was let loose. */
function orphansOf({ scenario }: Ground, n: Node): readonly (Label | null)[] {
  if (scenario.orphans !== true) return [null];
  const labels = list(n.w.knows).map((known) => known.split('/')[0] as Label);
  return [null, ...new Set(labels)];
}

function ofDeaths(g: Ground, n: Node, world: Partial<World>): readonly Move[] {
  return orphansOf(g, n).map((orphan) => {
    const event = { type: 'booted', ...(orphan === null ? {} : { orphan: deployment(g.core, orphan).id }) } as const;
    const words = orphan === null ? 'SIGKILL, booted' : `SIGKILL, booted, ${orphan} lives`;
    return { ...happens(words, event, { ...world, livened: 0, prefetched: '' }), dies: true as const };
  });
}

function ofFate(g: Ground, n: Node): readonly Move[] {
  const checksums = [...new Set(list(n.w.laid).map(checksumOf))];
  return [
    ...bought(n, 'deaths', (world) => ofDeaths(g, n, world)),
    ...(n.w.storm
      ? []
      : bought(n, 'storms', (world) => [happens('a storm begins', nothingHeard, { ...world, storm: true })])),
    ...bought(n, 'damage', (world) =>
      checksums.map((c) => {
        const laid = drop(n.w.laid, (l) => checksumOf(l) === c);
        return happens(`${c} is damaged`, nothingHeard, { ...world, laid });
      }),
    ),
  ];
}
