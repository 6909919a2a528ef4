import { type Deployment, type DeploymentId, same } from './deployment.ts';
import { back } from './hands.ts';
import type { Instance } from './instance.ts';
import { looking } from './liveness.ts';
import { onData } from './migrations.ts';
import { withKnownUpdates } from './move-data.ts';
import { occupant, serving } from './occupancy.ts';
import type { Moment, Policy } from './policy.ts';
import { candidates, isBarred, wayBack, wish } from './questions.ts';
import type { Release } from './release.ts';

/** Where the value leads by itself: the recall, then the next, and when liveness looks again. */
export function settle(i: Instance, policy: Policy, ready: readonly DeploymentId[], moment: Moment): Instance {
  const settled = prepared(readdressed(recalled(i, policy), policy), policy, ready, moment);
  return withKnownUpdates(looking(settled, policy, moment));
}

/** On probation, and the wish is another whose way back is open: back at once, no bar. */
function recalled(i: Instance, policy: Policy): Instance {
  const wished = wish(i, policy)?.checksum;
  if (i.slot.at !== 'probation' || wished === undefined || wished === i.slot.deployment.release.checksum) return i;
  const way = wayBack(i, policy, (d) => d.release.checksum === wished);
  return way ? back(i, way, policy) : i;
}

/** What has the slot, as its source speaks of it now: its bytes, if they are lost, are to be had there, and a way back goes by its terms. */
function readdressed(i: Instance, policy: Policy): Instance {
  const slot = serving(i);
  if (slot === null) return i;
  const { terms: before, ...release } = slot.deployment.release;
  const isOf = (other: Release | null): other is Release => other?.checksum === release.checksum;
  const wished = wish(i, policy);
  const uri = (isOf(wished) ? wished.uri : null) ?? release.uri;
  const terms = isOf(i.chain.named) ? i.chain.named.terms : before;
  if (uri === release.uri && JSON.stringify(terms) === JSON.stringify(before)) return i;
  const deployment = { ...slot.deployment, release: { ...release, uri, ...(terms && { terms }) } };
  const isMoved = slot.verdict === 'gone' && uri !== release.uri;
  return { ...i, slot: { ...slot, deployment }, volatile: isMoved ? { ...i.volatile, rest: null } : i.volatile };
}

/** Next is the first candidate that neither has the slot nor is barred; another answer replaces it. */
function prepared(i: Instance, policy: Policy, ready: readonly DeploymentId[], { now }: Moment): Instance {
  const want = candidates(i, policy).find((d) => !same(d, occupant(i.slot)) && !isBarred(i, d)) ?? null;
  if (want === null) return i.next === null ? i : { ...i, next: null };
  if (i.next !== null && isTheSame(want, i.next.deployment)) return moved(i, want.release.uri, ready, now);
  return {
    ...i,
    next: isReady(i, want, ready)
      ? { at: 'staged', deployment: want, since: now }
      : { at: 'fetching', deployment: want, attempt: 0, retryAt: null, reason: null },
  };
}

/** What lies ready says nothing of the bytes of a migration. */
const isReady = (i: Instance, { id, release }: Deployment, ready: readonly DeploymentId[]): boolean =>
  ready.includes(id) && onData(i, release).length === 0;

/** The same deployment, of which its source says the same beside its bytes. */
function isTheSame(a: Deployment, b: Deployment): boolean {
  return same(a, b) && JSON.stringify(a.release.terms) === JSON.stringify(b.release.terms);
}

/** The same deployment named at another address: its backoff is forgotten. */
function moved(i: Instance, uri: string | null, ready: readonly DeploymentId[], now: number): Instance {
  if (i.next?.at !== 'fetching') return i;
  if (isReady(i, i.next.deployment, ready))
    return { ...i, next: { at: 'staged', deployment: i.next.deployment, since: now } };
  if (i.next.deployment.release.uri === uri) return i;
  const deployment = { ...i.next.deployment, release: { ...i.next.deployment.release, uri } };
  return { ...i, next: { at: 'fetching', deployment, attempt: 0, retryAt: null, reason: null } };
}
