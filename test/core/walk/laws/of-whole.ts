/** Laws about all that can follow: they are asked when every state is known. */

import type { Deployment } from '../../../../src/core/deployment.ts';
import { occupant, serving } from '../../../../src/core/occupancy.ts';
import type { Policy } from '../../../../src/core/policy.ts';
import { loops } from '../loops.ts';
import { label, labelOrNone } from '../names.ts';
import { healthOf } from '../scenario.ts';
import type { Ground, Node } from '../world.ts';

export interface Edge {
  readonly to: number;
  readonly byItself: boolean;
  readonly label: string;
}

/** A broken law, and the state (with, perhaps, one more event) where it is. */
export interface Broken {
  readonly law: string;
  readonly at: number;
  readonly more?: string;
}

export function brokenOfWhole(
  g: Ground,
  nodes: readonly Node[],
  edges: readonly (readonly Edge[])[],
): readonly Broken[] {
  const own = edges.map((es) => es.filter((e) => e.byItself));
  return [...unreachable(g, nodes, own), ...endless(nodes, own)];
}

function unreachable(g: Ground, nodes: readonly Node[], edges: readonly (readonly Edge[])[]): readonly Broken[] {
  const into: number[][] = nodes.map(() => []);
  edges.forEach((es, x) => {
    for (const e of es) into[e.to]?.push(x);
  });
  const leads = nodes.map((n) => isEnd(g, n));
  const queue = leads.flatMap((isOne, x) => (isOne ? [x] : []));
  for (let x = queue.pop(); x !== undefined; x = queue.pop())
    for (const from of into[x] ?? [])
      if (!leads[from]) {
        leads[from] = true;
        queue.push(from);
      }
  const at = leads.indexOf(false);
  return at < 0 ? [] : [{ law: 'the right end stays reachable', at }];
}

function endless(nodes: readonly Node[], edges: readonly (readonly Edge[])[]): readonly Broken[] {
  const loop = loops(edges.map((es) => es.map((e) => e.to)));
  const holder = nodes.map((n) => labelOrNone(occupant(n.i.slot)));
  for (const [at, es] of edges.entries())
    for (const e of es)
      if (loop[at] === loop[e.to] && holder[at] !== holder[e.to])
        return [{ law: 'nothing changes hands for ever', at, more: e.label }];
  return [];
}

/** Whether it is as it should be, for a wish that stays and a world that is well. */
function isEnd(g: Ground, n: Node): boolean {
  const { i } = n;
  if (i.said.stopped || (i.said.held && i.said.held.until === null)) return true;
  if (n.w.storm || i.said.held) return false;
  const slot = serving(i);
  if (slot?.verdict === 'down') return true;
  if (slot?.at === 'running' && slot.verdict === 'healthy' && i.chain.upgradeAhead && i.chain.pending !== null)
    return true;
  return isRight(g, n, slot?.deployment ?? null);
}

function isRight({ core, scenario, policy }: Ground, n: Node, here: Deployment | null): boolean {
  const { i } = n;
  const { questions, tasks } = core;
  const may = (d: Deployment) =>
    healthOf(scenario, label(d), i.chain.specVersion) === 'good' && !isForPeople(core, policy, i, d);
  const isUp = tasks.tasks(i, policy).some((t) => t.do === 'run');
  const wished = Object.keys(i.proven).length === 0 && i.config.initial !== null ? null : questions.wish(i, policy);
  const right = wished && core.deployment.deploymentOf(wished, i.config.settings);
  const isCommitted = i.slot.at === 'running';
  if (right && may(right))
    return isCommitted && i.slot.at === 'running' && i.slot.verdict === 'healthy' && right.id === here?.id && isUp;
  const could = [...questions.candidates(i, policy), ...(here ? [here] : [])].some(may);
  if (could) return isCommitted && isUp && here !== null && may(here);
  return i.slot.at === 'empty' || isUp || i.volatile.rest !== null || serving(i)?.verdict === 'gone';
}

/** Only a person can let it in. */
function isForPeople({ questions }: Ground['core'], policy: Policy, i: Node['i'], d: Deployment): boolean {
  return (
    (policy.approval && !questions.isApproved(i, d.release.checksum)) ||
    questions.isRefused(i, d) ||
    i.bars.some((b) => b.by === 'failure' && b.of.id === d.id && b.wait.for === 'person')
  );
}
