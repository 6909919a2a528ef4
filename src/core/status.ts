import { type Deployment, isRenderable } from './deployment.ts';
import type { Bar, Hold, Instance } from './instance.ts';
import type { DeploymentStatus, InstanceStatus, Live, NextStatus, QuarantineStatus } from './instance-status.ts';
import { committed, serving } from './occupancy.ts';
import type { Policy } from './policy.ts';
import { forbiddenBy, heldBackBy, isBarred, wish, withSettings } from './questions.ts';
import type { Millis } from './release.ts';
import { pendings, unfit } from './unfit.ts';

export function statusOf(network: string, client: string, i: Instance, policy: Policy, live: Live): InstanceStatus {
  const slot = serving(i);
  const onTrial =
    i.slot.at === 'probation'
      ? trial(i.slot.deployment, 'probation', i.slot.reason ?? live.failing)
      : i.slot.at === 'switching'
        ? trial(i.slot.to, 'switching', transfer(live, 'the backup of the data') ?? 'the migration of the data')
        : null;
  const prepared = preparing(i, policy, live);
  return {
    network,
    client,
    phase: i.slot.at,
    verdict: slot?.verdict ?? null,
    reason: slot?.reason ?? null,
    current: of(committed(i)),
    previous: of(i.formers[i.slot.at === 'probation' ? 1 : 0]?.deployment ?? null),
    next: onTrial ?? prepared,
    queued: onTrial && prepared,
    child: live.child && { ...live.child, startedAt: iso(live.child.startedAt) },
    lastExit: live.lastExit ?? null,
    quarantined: i.bars.flatMap(quarantine),
    held: i.said.held && holding(i.said.held),
    stopped: i.said.stopped,
    pinned: i.said.pinned && { checksum: i.said.pinned.release.checksum, forever: i.said.pinned.forever },
    configured: live.configured,
    pending: awaited(i, policy),
    blocked: live.blocked,
    strangers: live.strangers,
    trouble: live.trouble ?? forbidden(i, policy) ?? unrenderable(i),
    guard: live.guard,
    redeem: live.redeem ?? null,
    chain: live.chain,
    ok: isWell(i, policy, live),
  };
}

const iso = (time: Millis): string => new Date(time).toISOString();
const isoOrNull = (time: Millis | null): string | null => (time === null ? null : iso(time));
const holding = ({ since, until }: Hold) => ({ since: iso(since), until: isoOrNull(until) });

function of(d: Deployment | null): DeploymentStatus | null {
  return d && { checksum: d.release.checksum, version: d.release.version, uri: d.release.uri, deployment: d.id };
}

function trial(d: Deployment, state: 'probation' | 'switching', reason: string | null): NextStatus {
  const { checksum, version, uri } = d.release;
  return {
    checksum,
    version,
    uri,
    deployment: d.id,
    state,
    retryAt: null,
    waitsFor: reason ?? 'its first healthy verdict',
  };
}

function preparing(i: Instance, policy: Policy, live: Live): NextStatus | null {
  if (i.next === null) return null;
  const { checksum, version, uri } = i.next.deployment.release;
  const common = { checksum, version, uri, deployment: i.next.deployment.id };
  if (i.next.at === 'staged')
    return { ...common, state: 'staged', retryAt: null, waitsFor: heldBackBy(i, policy) ?? live.gate };
  return {
    ...common,
    state: 'fetching',
    retryAt: isoOrNull(i.next.retryAt),
    waitsFor: i.next.reason ?? transfer(live, 'the download'),
  };
}

function transfer({ progress }: Live, what: string): string | null {
  if (progress === null) return null;
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return `${what}: ${mib(progress.received)}${progress.total === null ? '' : ` of ${mib(progress.total)}`}`;
}

function quarantine(bar: Bar): readonly QuarantineStatus[] {
  if (bar.by === 'person')
    return [
      {
        checksum: bar.checksum,
        deployment: bar.deployment?.id ?? null,
        reason: 'rejected by a person',
        attempts: 0,
        retryAt: null,
      },
    ];
  if (bar.wait.for === 'nothing') return [];
  const retryAt = 'until' in bar.wait ? iso(bar.wait.until) : null;
  return [
    { checksum: bar.of.release.checksum, deployment: bar.of.id, reason: bar.reason, attempts: bar.attempts, retryAt },
  ];
}

function forbidden(i: Instance, policy: Policy): string | null {
  const { named } = i.chain;
  const why = named && forbiddenBy(i, named, policy);
  return why ? `the chain names ${named.checksum}, ${why}` : null;
}

function awaited(i: Instance, policy: Policy): InstanceStatus['pending'] {
  const [release] = pendings(i, policy);
  if (release === undefined) return null;
  const { checksum, version, uri } = release;
  return { checksum, version, uri, waitsFor: checksum === i.chain.named?.checksum ? unfit(i, release, policy) : null };
}

/** What is named cannot be started as the file says, and so never comes. */
function unrenderable(i: Instance): string | null {
  const { named } = i.chain;
  return named && !isRenderable(named, i.config.settings)
    ? `the source names ${named.checksum} without a version, and args or env use {version}: name one in the source, or take {version} out`
    : null;
}

/** Running with its child up, not unhealthy, its source readable, and what is named not in quarantine. */
function isWell(i: Instance, policy: Policy, live: Live): boolean {
  if (i.slot.at !== 'running' || live.child === null || live.trouble !== null || live.blocked !== null) return false;
  if (unrenderable(i) !== null || live.guard !== null) return false;
  if (i.slot.verdict !== 'healthy' && i.slot.verdict !== 'unknown') return false;
  const wished = wish(i, policy);
  return wished === null || !withSettings(i, wished).some((d) => isBarred(i, d));
}
