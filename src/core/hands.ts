/** How the slot changes hands. */
import { barred } from './bars.ts';
import { type Deployment, same } from './deployment.ts';
import { type Former, type Instance, isUp, type Serving } from './instance.ts';
import type { Moment, Policy } from './policy.ts';

/** Enough for every edit that a person may want back; what of other checksums is kept is decided at the commit. */
const MOST_FORMERS = 8;

/** Forward: what was committed becomes a former, what was not is barred; what enters is on probation. */
export function taken(i: Instance, from: Serving | null, to: Deployment, policy: Policy, moment: Moment): Instance {
  const left = from === null ? i : leave(i, from, policy, moment);
  const formers = left.formers.filter((f) => !same(f.deployment, to));
  const slot = {
    at: 'probation',
    deployment: to,
    verdict: 'unknown',
    reason: null,
    exits: 0,
    boots: 0,
    since: moment.now,
  } as const;
  return { ...left, formers, next: null, slot, volatile: freshStart(i) };
}

/** Back: at once, committed, to be judged anew. */
export function back(i: Instance, to: Former): Instance {
  const slot = {
    at: 'running',
    deployment: to.deployment,
    verdict: 'unknown',
    reason: null,
    exits: 0,
    youngUntil: null,
  } as const;
  return { ...i, formers: i.formers.filter((f) => f !== to), slot, volatile: freshStart(i) };
}

function leave(i: Instance, from: Serving, policy: Policy, moment: Moment): Instance {
  if (from.at === 'probation')
    return barred(i, from.deployment, from.reason ?? 'replaced before it was healthy', policy, moment);
  return isUp(from) ? { ...i, formers: withFormer(i, from.deployment) } : i;
}

function withFormer(i: Instance, deployment: Deployment): readonly Former[] {
  return [{ deployment, data: i.data }, ...i.formers.filter((f) => !same(f.deployment, deployment))].slice(
    0,
    MOST_FORMERS,
  );
}

const freshStart = (i: Instance): Instance['volatile'] => ({
  ...i.volatile,
  rest: null,
  restarts: 0,
  livened: [],
  livenAt: null,
});
