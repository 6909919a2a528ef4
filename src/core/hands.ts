/** How the slot changes hands. */
import { barred } from './bars.ts';
import { type Deployment, same } from './deployment.ts';
import type { Former, Instance, Serving, Slot } from './instance.ts';
import type { Moment, Policy } from './policy.ts';
import type { Checksum } from './release.ts';
import { wayOfData } from './way-of-data.ts';

/** Of one checksum so many deployments (its edits) are remembered: they cost no bytes. */
const MOST_EDITS = 4;

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

/** Back: at once, committed, to be judged anew; where its data must be put back first, after that. */
export function back(i: Instance, former: Former, policy: Policy): Instance {
  const { deployment, data } = former;
  const to = { at: 'running', deployment, verdict: 'unknown', reason: null, exits: 0, youngUntil: null } as const;
  const slot: Slot =
    wayOfData(i, former, policy) === 'restore' && i.data !== null
      ? { at: 'reverting', to, update: i.data, data, attempt: 0, retryAt: null }
      : to;
  return { ...i, formers: i.formers.filter((f) => f !== former), slot, volatile: freshStart(i) };
}

function leave(i: Instance, from: Serving, policy: Policy, moment: Moment): Instance {
  if (from.at === 'probation')
    return barred(i, from.deployment, from.reason ?? 'replaced before it was healthy', policy, moment);
  // what has lost its bytes is fetched again when it comes back: better than no way at all
  return from.verdict === 'down' ? i : { ...i, formers: withFormer(i, from.deployment) };
}

const withFormer = (i: Instance, deployment: Deployment): readonly Former[] => [
  { deployment, data: i.data },
  ...i.formers.filter((f) => !same(f.deployment, deployment)),
];

/** Of the checksums other than the present one the newest `keep`, each with its newest edits. */
export function trimmed(formers: readonly Former[], present: Checksum, keep: number): readonly Former[] {
  const checksums = formers.map((f) => f.deployment.release.checksum);
  const others = [...new Set(checksums.filter((checksum) => checksum !== present))].slice(0, keep);
  const newer = (n: number, checksum: Checksum) => checksums.slice(0, n).filter((c) => c === checksum).length;
  return formers.filter(({ deployment: { release } }, n) => {
    const isKept = release.checksum === present || others.includes(release.checksum);
    return isKept && newer(n, release.checksum) < MOST_EDITS;
  });
}

const freshStart = (i: Instance): Instance['volatile'] => ({
  ...i.volatile,
  rest: null,
  restarts: 0,
  livened: [],
  livenAt: null,
});
