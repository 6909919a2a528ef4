/** The questions that carry every decision. Each is asked of the value as it is; no answer is stored. */
import { type Deployment, type DeploymentId, deploymentOf, isRenderable, same } from './deployment.ts';
import type { Former, Instance } from './instance.ts';
import { onArguments } from './migrations.ts';
import { committed, isUp, occupant, serving } from './occupancy.ts';
import type { Policy } from './policy.ts';
import type { Checksum, Release } from './release.ts';
import { pendings, unfit } from './unfit.ts';
import { isTooOld, wayOfData } from './way-of-data.ts';

/**
 * What should come, best first: the edit of what runs, the first deployment, the wish; an urgent wish before all.
 * Where nothing is wished, what is on probation is: its edit may mend it.
 */
export function candidates(i: Instance, policy: Policy): readonly Deployment[] {
  const edit = i.slot.at === 'running' ? withSettings(i, i.slot.deployment.release) : [];
  const initial = Object.keys(i.proven).length === 0 ? withSettings(i, i.config.initial) : [];
  const onTrial = i.slot.at === 'probation' ? i.slot.deployment.release : null;
  const wished = withSettings(i, wish(i, policy) ?? onTrial);
  return wished.some((d) => isUrgent(i, d)) ? [...wished, ...edit, ...initial] : [...edit, ...initial, ...wished];
}

/** The pin, else what the chain names; `null` where neither is, or where it is a downgrade that the operator forbids. */
export function wish(i: Instance, policy: Policy): Release | null {
  if (i.said.pinned !== null) return i.said.pinned.release;
  const { named } = i.chain;
  return named !== null && (isForbidden(i, named, policy) || unfit(i, named, policy) !== null) ? null : named;
}

export const isForbidden = (i: Instance, release: Release, policy: Policy): boolean =>
  forbiddenBy(i, release, policy) !== null;

/** Why what the chain names is not obeyed, in words; `null`: it is. */
export function forbiddenBy(i: Instance, release: Release, policy: Policy): string | null {
  const listed = policy.forbids(release);
  if (listed !== null) return listed;
  if (!policy.allowDowngrade && isOlder(i, release, policy)) return 'an older release, and allowDowngrade is false';
  return isTooOld(i, release, policy) ? 'an older release, and the data have been migrated since' : null;
}

/**
 * Older than what is committed: by its version, or because it was healthy here before the committed one first
 * was. What was gone back from is newer than what it was gone back to, and may be tried again.
 */
export function isOlder(i: Instance, release: Release, policy: Policy): boolean {
  const present = committed(i);
  if (present === null || present.release.checksum === release.checksum) return false;
  const order = Object.keys(i.proven);
  const wasBefore =
    order.includes(release.checksum) && order.indexOf(release.checksum) < order.indexOf(present.release.checksum);
  return wasBefore || policy.isDowngrade(present.release, release);
}

/** May it not enter. */
export function isBarred(i: Instance, d: Deployment): boolean {
  const waits = i.bars.some((bar) => bar.by === 'failure' && same(bar.of, d) && bar.wait.for !== 'nothing');
  return waits || isRefused(i, d);
}

/** Has a person said no to it. */
export function isRefused(i: Instance, d: Deployment): boolean {
  return i.bars.some((bar) => {
    if (bar.by === 'failure') return false;
    return bar.deployment === null ? bar.checksum === d.release.checksum : same(bar.deployment, d);
  });
}

/** May what has the slot be replaced by it now. An urgent one does not wait for the verdict on what it relieves. */
export function isReplaceable(i: Instance, by: Deployment): boolean {
  switch (i.slot.at) {
    case 'empty':
      return true;
    case 'running':
    case 'probation':
      return i.slot.verdict !== 'unknown' || isUrgent(i, by);
    case 'switching':
    case 'reverting':
      return false;
  }
}

/** The one place that says where an automatic way back leads: `only` narrows it. */
export function wayBack(i: Instance, policy: Policy, only: (d: Deployment) => boolean = () => true): Former | null {
  const here = occupant(i.slot)?.release.checksum;
  const leads = (former: Former) => {
    const { deployment: d } = former;
    const isKnownGood = d.release.checksum === here || isProven(i, d.release.checksum);
    return isKnownGood && !isBarred(i, d) && wayOfData(i, former, policy) !== null && only(d);
  };
  return i.formers.find(leads) ?? null;
}

/** Healthy here under the present runtime. A source without spec versions asks for no proof. */
export function isProven(i: Instance, checksum: Checksum): boolean {
  const { specVersion } = i.chain;
  return specVersion === null || (i.proven[checksum] ?? []).includes(specVersion);
}

export const everHealthy = (i: Instance, checksum: Checksum): boolean => checksum in i.proven;

/** It came with the present runtime, and what has the slot is not proven under that, or has failed since. */
export function isUrgent(i: Instance, d: Deployment): boolean {
  const slot = serving(i);
  const { checksum } = d.release;
  if (slot === null || checksum !== i.chain.urgent || slot.deployment.release.checksum === checksum) return false;
  return !isProven(i, slot.deployment.release.checksum) || (slot.verdict !== 'unknown' && slot.verdict !== 'healthy');
}

/** Whether a child should be up, now or as soon as its rest is over. */
export function isChildWanted(i: Instance): boolean {
  const slot = serving(i);
  return slot !== null && !i.said.stopped && isUp(slot);
}

/** Whether it should be up now. What is heard of a child that should not is of one that has left meanwhile. */
export const isChildDue = (i: Instance): boolean => isChildWanted(i) && i.volatile.rest === null;

/** Whether a child that a dead supervisor left is the one that is wanted: only that is ever adopted. */
export const adopts = (i: Instance, orphan: DeploymentId | null): boolean =>
  orphan !== null && isChildWanted(i) && serving(i)?.deployment.id === orphan;

/** What holds back the staged next, in words; `null`: its gates may be asked. */
export function heldBackBy(i: Instance, policy: Policy): string | null {
  if (i.next?.at !== 'staged') return null;
  const { deployment } = i.next;
  if (i.said.stopped) return 'the client was stopped by a person';
  if (i.said.held !== null) return 'held by a person';
  if (policy.approval && !isApproved(i, deployment.release.checksum))
    return `the approval of a person: vaultvisor approve ${deployment.release.checksum}`;
  if (awaitsRuntime(i, policy)) return 'the announced runtime upgrade';
  if (!isReplaceable(i, deployment)) return 'the verdict on what runs now';
  if (policy.requireHealthy && isAiling(i) && !isUrgent(i, deployment))
    return 'what serves to pass its own probes (requireHealthy)';
  return null;
}

/** A person said yes to it, or it has served here. */
export const isApproved = (i: Instance, checksum: Checksum): boolean =>
  i.said.approved.includes(checksum) ||
  i.said.pinned?.release.checksum === checksum ||
  everHealthy(i, checksum) ||
  occupant(i.slot)?.release.checksum === checksum;

/** It is up and fails its probes. What crashes or refuses to start is not asked for: it never bars its successor. */
function isAiling({ slot, volatile }: Instance): boolean {
  return slot.at === 'running' && slot.verdict === 'unhealthy' && slot.exits === 0 && volatile.rest === null;
}

/** A runtime upgrade is near and its release is known: what serves well is not changed on the eve of it. */
function awaitsRuntime(i: Instance, policy: Policy): boolean {
  const serves = i.slot.at === 'running' && i.slot.verdict === 'healthy';
  return serves && i.chain.upgradeAhead && pendings(i, policy).length > 0;
}

/** The release with the present settings, and the migrations of its arguments. */
export function withSettings(i: Instance, release: Release | null): readonly Deployment[] {
  if (release === null || !isRenderable(release, i.config.settings)) return [];
  return [deploymentOf(release, i.config.settings, onArguments(i, release))];
}
