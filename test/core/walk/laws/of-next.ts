/** Laws about what is prepared, and about who waits for what. */
import { same } from '../../../../src/core/deployment.ts';
import { occupant, serving } from '../../../../src/core/occupancy.ts';
import type { Policy } from '../../../../src/core/policy.ts';
import type { Release } from '../../../../src/core/release.ts';
import { deployment, type Label, label } from '../names.ts';
import { healthOf, type Scenario } from '../scenario.ts';
import { type Ground, has, type Node } from '../world.ts';
import { isDoing, type StateLaw } from './law.ts';

export const lawsOfNext: readonly StateLaw[] = [
  {
    law: 'only what should come is prepared',
    isBroken: ({ core: { questions }, policy }, { i }) =>
      i.next !== null && !questions.candidates(i, policy).some((d) => same(d, i.next?.deployment ?? null)),
  },
  {
    law: 'held, stopped and on the eve of a runtime no gate is asked',
    isBroken: ({ policy }, { i }, ts) => {
      const eve = i.chain.upgradeAhead && awaited(i, policy) !== null && serving(i)?.verdict === 'healthy';
      return isDoing(ts, 'gate') && (i.said.held !== null || i.said.stopped || eve);
    },
  },
  {
    law: 'what is urgent goes at once, but only before what is not proven',
    isBroken: (g, n, ts) => isDoing(ts, 'gate') !== mayEnter(g, n),
  },
  {
    law: 'what is pending is fetched ahead',
    isBroken: ({ core: { questions, deployment: d }, policy }, { i }, ts) => {
      const pending = awaited(i, policy);
      if (pending === null) return isDoing(ts, 'prefetch');
      const of = d.deploymentOf(pending, i.config.settings);
      const isKnown = same(of, i.next?.deployment ?? null) || same(of, occupant(i.slot));
      return (isKnown || questions.isRefused(i, of) || policy.forbids(pending) !== null) === isDoing(ts, 'prefetch');
    },
  },
  {
    law: 'a hold that has an end is waited for',
    isBroken: (_, { i }, ts) => {
      const until = i.said.held?.until ?? null;
      return until !== null && !ts.some((t) => t.do === 'sleep' && t.until === until);
    },
  },
  {
    law: 'a recall goes back at once',
    isBroken: ({ core: { questions }, policy }, { i }) => {
      const wished = questions.wish(i, policy)?.checksum;
      if (i.slot.at !== 'probation' || wished === undefined || wished === i.slot.deployment.release.checksum)
        return false;
      return questions.wayBack(i, policy, (d) => d.release.checksum === wished) !== null;
    },
  },
  {
    law: 'bars are bounded',
    isBroken: ({ policy: { retry } }, { i }) =>
      i.bars.some(
        (b) =>
          b.by === 'failure' && (b.attempts > retry.attempts || (b.attempts === retry.attempts && 'until' in b.wait)),
      ) ||
      new Set(i.bars.map((b) => JSON.stringify(b.by === 'failure' ? b.of.id : [b.checksum, b.deployment?.id]))).size <
        i.bars.length,
  },
  {
    law: 'keep bounds the formers',
    isBroken: ({ policy }, { i }) => {
      const here = occupant(i.slot)?.release.checksum;
      const others = new Set(i.formers.map((f) => f.deployment.release.checksum).filter((c) => c !== here));
      return others.size > policy.keep + (i.slot.at === 'running' && i.slot.verdict !== 'unknown' ? 0 : 1);
    },
  },
  {
    law: 'what has the slot is no way back',
    isBroken: (_, { i }) => i.slot.at !== 'switching' && i.formers.some((f) => same(f.deployment, occupant(i.slot))),
  },
  {
    law: 'what served well is not given up',
    isBroken: ({ core, scenario }, n) => {
      const [last = '', runtime, data] = n.w.served.split('/');
      if (last === '' || !ailsOnTrial(n, last) || scenario.budget.storms || scenario.budget.damage) return false;
      const isThere = runtime === String(n.i.chain.specVersion) && data === String(n.i.data);
      return (
        isThere &&
        isGood(scenario, last, n) &&
        !core.questions.isBarred(n.i, deployment(core, last)) &&
        !has(n.w.fell, last)
      );
    },
  },
];

/** Whether the staged next may enter now, in the words of rules 3 and 9. */
function mayEnter({ core: { questions }, policy }: Ground, { i, w }: Node): boolean {
  if (
    i.next?.at !== 'staged' ||
    i.said.held ||
    i.said.stopped ||
    i.slot.at === 'switching' ||
    i.slot.at === 'reverting'
  )
    return false;
  const { checksum } = i.next.deployment.release;
  if (policy.approval && !questions.isApproved(i, checksum)) return false;
  if (i.slot.at === 'empty') return true;
  const { verdict, deployment: here } = i.slot;
  const isEve = i.slot.at === 'running' && verdict === 'healthy' && i.chain.upgradeAhead && awaited(i, policy) !== null;
  const relieves =
    w.came === checksum && here.release.checksum !== checksum && !questions.isProven(i, here.release.checksum);
  const fails = i.slot.at === 'running' && verdict === 'unhealthy' && i.slot.exits === 0 && i.volatile.rest === null;
  const isAsked = policy.requireHealthy && fails && !(w.came === checksum && here.release.checksum !== checksum);
  return !isEve && !isAsked && (verdict !== 'unknown' || relieves);
}

/** What will come and cannot yet: it is pending, serves another runtime, or moves data that lie nobody knows where. */
function awaited({ chain, said }: Node['i'], policy: Policy): Release | null {
  const { named, pending, specVersion } = chain;
  if (said.pinned || named === null) return pending;
  const isEarly = specVersion !== null && (named.terms?.specVersions ?? []).some(([from]) => from !== specVersion);
  const isLost = !policy.hasDataDir && named.checksum === 'M';
  return isEarly || isLost ? named : pending;
}

function ailsOnTrial({ i: { slot } }: Node, other: Label): boolean {
  return slot.at === 'probation' && slot.verdict === 'unhealthy' && label(slot.deployment) !== other;
}

const isGood = (scenario: Scenario, l: Label, { i }: Node) => healthOf(scenario, l, i.chain.specVersion) === 'good';
