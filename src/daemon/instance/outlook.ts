import type { Instance } from '../../core/instance.ts';
import type { Policy } from '../../core/policy.ts';
import { forbiddenBy, heldBackBy, isApproved, isBarred, withSettings } from '../../core/questions.ts';
import type { Release } from '../../core/release.ts';
import { pendings, unfit } from '../../core/unfit.ts';
import type { Outlook, Waited } from '../../observe/look.ts';

/** What the daemon alone sees of an update. */
export interface Beside {
  /** The gate of the args file that the staged update waits for; `null`: none, or it is not asked yet. */
  readonly gate: Waited | null;
  /** Whether a deployment lies proved and laid out on disk. */
  isReady(deployment: string): boolean;
}

/** What the source wants of an instance, and what keeps it from coming, by names that a program may rely on. */
export function outlookOf(i: Instance, policy: Policy, beside: Beside): Outlook {
  const { named } = i.chain;
  const [pending] = pendings(i, policy);
  return {
    named: named && { checksum: named.checksum, version: named.version },
    waiting: waitingOf(i, policy, beside.gate),
    pendingStaged: pending === undefined ? null : withSettings(i, pending).some(({ id }) => beside.isReady(id)),
  };
}

function waitingOf(i: Instance, policy: Policy, gate: Waited | null): Waited | null {
  const { named } = i.chain;
  if (named !== null && i.said.pinned !== null && i.said.pinned.release.checksum !== named.checksum) return 'pinned';
  if (i.next?.at === 'staged')
    return heldBackBy(i, policy) === null ? gate : heldBackName(i, i.next.deployment.release, policy);
  if (i.next?.at === 'fetching') return 'fetch';
  return named === null ? null : kept(i, named, policy);
}

/** Of what `heldBackBy` says in words: the last three exclude each other by the verdict on what serves. */
function heldBackName(i: Instance, release: Release, policy: Policy): Waited {
  if (i.said.stopped) return 'stopped';
  if (i.said.held !== null) return 'held';
  if (policy.approval && !isApproved(i, release.checksum)) return 'approval';
  switch (i.slot.at === 'running' || i.slot.at === 'probation' ? i.slot.verdict : 'unknown') {
    case 'healthy':
      return 'upgrade';
    case 'unhealthy':
      return 'requireHealthy';
    case 'unknown':
    case 'down':
    case 'gone':
      return 'verdict';
  }
}

/** Nothing is prepared of what is named: it is here already, or may not come. */
function kept(i: Instance, named: Release, policy: Policy): Waited | null {
  if (i.said.pinned !== null) return null;
  if (forbiddenBy(i, named, policy) !== null) return 'forbidden';
  if (unfit(i, named, policy) !== null) return 'compatibility';
  return withSettings(i, named).some((d) => isBarred(i, d)) ? 'quarantine' : null;
}
