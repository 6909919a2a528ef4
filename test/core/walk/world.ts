import type { Instance, Slot } from '../../../src/core/instance.ts';
import type { Policy } from '../../../src/core/policy.ts';
import type { Core } from './core.ts';
import { type Label, type label, labelOrNone, nameOf, numberOf, releaseOrNull, settingsOf } from './names.ts';
import { type Budget, type Health, healthOf, nothing, patience, type Scenario } from './scenario.ts';

/** Labels or names, sorted, each once, with a space before each. */
export type Names = string;

/** What is true whatever the core believes, and what the laws must remember. */
export interface World {
  /** Deployments that lie in the store, laid out. */
  readonly laid: Names;
  /** What was really done to the data: `born`, then each migration with a `+` before it; `+half`: one broke off. */
  readonly data: string;
  /** Which deployments have been let loose on which data. */
  readonly knows: Names;
  /** Left with an exit that forbids a restart, and nobody started them since. */
  readonly fell: Names;
  /** A person said no to these releases or deployments. */
  readonly refused: Names;
  /** From which runtime and deployment the last probation began. */
  readonly entered: string;
  /** The last deployment that was healthy and committed, its runtime and data. */
  readonly served: string;
  /** Releases that were committed before the present one. */
  readonly older: Names;
  /** Restarts by liveness in the present period. */
  readonly livened: number;
  /** The release that came with the present runtime. */
  readonly came: string;
  /** The task `prefetch` that is through, by its key. */
  readonly prefetched: string;
  readonly storm: boolean;
  readonly left: Budget;
}

export interface Node {
  readonly i: Instance;
  readonly w: World;
}

/** All that one walk is about. */
export interface Ground {
  readonly core: Core;
  readonly scenario: Scenario;
  readonly policy: Policy;
}

export function ground(core: Core, scenario: Scenario): Ground {
  return { core, scenario, policy: { ...patience, ...scenario.policy } };
}

export function firstNode({ core, scenario, policy }: Ground): Node {
  const born = core.born.born(settingsOf(1), releaseOrNull(scenario.initial ?? null));
  const young = { ...born, chain: { ...born.chain, specVersion: scenario.noRuntime ? null : 1 } };
  const i = core.transition(young, { type: 'booted' }, policy, { now: 0, chance: 0 });
  const w: World = {
    laid: '',
    data: 'born',
    knows: '',
    fell: '',
    refused: '',
    entered: '',
    served: '',
    older: '',
    livened: 0,
    came: '',
    prefetched: '',
    storm: false,
    left: { ...nothing, ...scenario.budget },
  };
  return { i, w };
}

export const has = (names: Names, name: string): boolean => `${names} `.includes(` ${name} `);
export const add = (names: Names, name: string): Names =>
  has(names, name)
    ? names
    : [...list(names), name]
        .sort()
        .map((n) => ` ${n}`)
        .join('');
export const drop = (names: Names, isIt: (name: string) => boolean): Names =>
  list(names)
    .filter((n) => !isIt(n))
    .map((n) => ` ${n}`)
    .join('');
/** The data as they were before what was last done to them: what its backup holds. */
export const before = (data: string): string => data.slice(0, data.lastIndexOf('+'));

export const list = (names: Names): readonly string[] => (names === '' ? [] : names.slice(1).split(' '));

export const truth = ({ scenario }: Ground, { i, w }: Node, l: Label): Health =>
  w.storm ? 'sick' : healthOf(scenario, l, i.chain.specVersion);

/** Short, and complete: two nodes with one key are one state. The turn and the block are left out: nothing depends on them. */
export function keyOfNode({ i, w }: Node): string {
  const { chain, said, volatile: v } = i;
  const of = (r: { checksum: string; uri: string | null } | null) =>
    r === null ? '-' : nameOf({ version: null, ...r });
  const dep = (d: Parameters<typeof label>[0] | null) =>
    d === null ? '-' : labelOrNone(d) + (of(d.release).length > 1 ? "'" : '');
  const bars = i.bars
    .map((b) =>
      b.by === 'person'
        ? `p${b.checksum}${dep(b.deployment)}`
        : `f${dep(b.of)}${b.attempts}${b.wait.for}${'until' in b.wait ? b.wait.until : ''}`,
    )
    .sort();
  const next =
    i.next &&
    (i.next.at === 'staged'
      ? `s${dep(i.next.deployment)}`
      : `f${dep(i.next.deployment)}${Math.min(i.next.attempt, 1)}${i.next.retryAt}`);
  return [
    slotKey(i.slot, dep),
    next,
    i.formers.map((f) => `${dep(f.deployment)}${f.data}`),
    bars,
    Object.entries(i.proven).map(([c, specs]) => c + specs.join('')),
    i.data,
    Object.entries(i.updates).map(([update, { from, seen }]) => `${update}${from}${seen}`),
    said.approved,
    `${of(chain.named)}${of(chain.pending)}${chain.upgradeAhead ? 1 : 0}${chain.specVersion}${chain.urgent}`,
    `${numberOf(i.config.settings)}${of(i.config.initial)}`,
    `${said.held?.until ?? (said.held ? 'h' : '')}${said.stopped ? 's' : ''}`,
    said.pinned ? `${of(said.pinned.release)}${said.pinned.over}${said.pinned.forever}` : '',
    `${v.rest}${Math.min(v.restarts, 1)}${v.livened}/${v.livenAt}`,
    w.laid,
    w.data,
    w.knows,
    w.fell,
    w.refused,
    w.entered,
    w.served,
    w.older,
    w.livened,
    w.came,
    w.prefetched,
    w.storm,
    Object.values(w.left).join(','),
  ].join('|');
}

function slotKey(slot: Slot, dep: (d: Parameters<typeof label>[0] | null) => string): string {
  switch (slot.at) {
    case 'empty':
      return '';
    case 'running':
      return `r${dep(slot.deployment)}${slot.verdict}${slot.exits}${slot.youngUntil}`;
    case 'probation':
      return `p${dep(slot.deployment)}${slot.verdict}${slot.exits}${slot.boots}`;
    case 'switching':
      return `s${slotKey(slot.from, dep)}>${dep(slot.to)}${slot.update}`;
    case 'reverting':
      return `v${slotKey(slot.to, dep)}${slot.update}${slot.data}${slot.retryAt}`;
  }
}
