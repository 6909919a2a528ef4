/** Every order of what may happen in a scenario, and the laws asked of every state and every event. */
import type { Instance } from '../../../src/core/instance.ts';
import type { Task } from '../../../src/core/tasks.ts';
import type { Core } from './core.ts';
import { lawsOfStates, lawsOfSteps, lawsOfValues } from './laws/laws.ts';
import { type Broken, brokenOfWhole, type Edge } from './laws/of-whole.ts';
import type { Move } from './moves/move.ts';
import { movesOfOthers } from './moves/of-others.ts';
import { movesOfTasks } from './moves/of-tasks.ts';
import { remember } from './remember.ts';
import type { Scenario } from './scenario.ts';
import { firstNode, type Ground, ground, keyOfNode, type Node } from './world.ts';

/** A law that does not hold, with the shortest way there. */
export interface Finding {
  readonly law: string;
  readonly trace: readonly string[];
  readonly value: string;
}

export interface Walked {
  readonly states: number;
  readonly transitions: number;
  readonly findings: readonly Finding[];
}

export interface Walking {
  /** Only so many states; of a part the laws about the whole are not asked. */
  readonly limit?: number;
  /** Of each so many states one is asked the costly laws. */
  readonly every?: number;
  /** Ends with the first broken law. */
  readonly untilBroken?: boolean;
  readonly keyOf?: (n: Node) => string;
}

export function walk(
  core: Core,
  scenario: Scenario,
  { limit = Infinity, every = 8, untilBroken = false, keyOf = keyOfNode }: Walking = {},
): Walked {
  const g = ground(core, scenario);
  const nodes: Node[] = [];
  const edges: Edge[][] = [];
  const parents: (readonly [number, string] | null)[] = [];
  const known = new Map<string, number>();
  const broken = new Map<string, Broken>();
  let transitions = 0;

  const note = (found: Broken) => {
    if (!broken.has(found.law)) broken.set(found.law, found);
  };

  function reach(n: Node, parent: readonly [number, string] | null): number {
    const key = keyOf(n);
    const at = known.get(key) ?? nodes.length;
    if (at < nodes.length) return at;
    known.set(key, at);
    nodes.push(n);
    edges.push([]);
    parents.push(parent);
    return at;
  }

  function explore(at: number): void {
    const n = nodes[at]!;
    const wanted = core.tasks.tasks(n.i, g.policy);
    const laws = at % every === 0 ? [...lawsOfStates, ...lawsOfValues] : lawsOfStates;
    for (const { law, isBroken } of laws) if (isBroken(g, n, wanted)) note({ law, at });
    const going = n.w.prefetched === '' ? wanted : wanted.filter((t) => core.tasks.keyOf(t) !== n.w.prefetched);
    for (const move of [...movesOfTasks(g, n, going), ...movesOfOthers(g, n)]) {
      const { after, laws: brokenLaws } = stepped(g, n, move);
      transitions += 1;
      for (const law of brokenLaws) note({ law, at, more: move.label });
      edges[at]!.push({ to: reach(after, [at, move.label]), byItself: move.byItself, label: move.label });
    }
  }

  function told({ law, at, more }: Broken): Finding {
    const trace = more === undefined ? [] : [more];
    for (let p = parents[at]; p; p = parents[p[0]]) trace.unshift(p[1]);
    return { law, trace, value: JSON.stringify(nodes[at]) };
  }

  reach(firstNode(g), null);
  const goesOn = () => nodes.length < limit && !(untilBroken && broken.size > 0);
  for (let at = 0; at < nodes.length && goesOn(); at += 1) explore(at);
  if (goesOn()) for (const found of brokenOfWhole(g, nodes, edges)) note(found);
  return { states: nodes.length, transitions, findings: [...broken.values()].map(told) };
}

function stepped(g: Ground, before: Node, move: Move): { after: Node; laws: readonly string[] } {
  const { core, policy, scenario } = g;
  const now = move.now ?? 0;
  const value = move.dies ? core.born.durable(before.i) : before.i;
  const i = core.transition(value, move.event, policy, { now, chance: scenario.noWaits ? 0 : 0.9 });
  const wanted: readonly Task[] = core.tasks.tasks(i, policy);
  const step = { before, move, i, wanted };
  const laws = lawsOfSteps.filter((law) => law.isBroken(g, step)).map(({ law }) => law);
  return { after: { i: asOfNow(i, before.i, now, policy.liveness.per), w: remember(g, step) }, laws };
}

/** The event was at 0: what it put off by a time is put off by that time from 0. */
function asOfNow(i: Instance, before: Instance, now: number, per: number): Instance {
  const { livened, livenAt, turn } = i.volatile;
  if (turn === 0 && (now === 0 || (livened.length === 0 && livenAt === null))) return i;
  const isNew = now > 0 && livenAt !== null && livenAt !== before.volatile.livenAt;
  const at = isNew ? (livenAt - now <= 1 ? 1 : per) : livenAt;
  return { ...i, volatile: { ...i.volatile, turn: 0, livened: livened.map(() => 0), livenAt: at } };
}
