import { type Deployment, isRenderable } from './deployment.ts';
import type { Bar, Hold, Instance, Slot, Verdict } from './instance.ts';
import { committed, serving } from './instance.ts';
import type { Policy } from './policy.ts';
import { forbiddenBy, heldBackBy, isBarred, wish, withSettings } from './questions.ts';
import type { Checksum, Millis } from './release.ts';
import { pendings, unfit } from './unfit.ts';

/** What is not in the value: what the daemon sees now, or, without a daemon, what the locks say. */
export interface Live {
  readonly child: { readonly pid: number; readonly startedAt: Millis; readonly checksum: Checksum | null } | null;
  readonly configured: boolean;
  readonly chain: ChainStatus | null;
  /** Why no child can be started just now although one is wanted. */
  readonly blocked: string | null;
  /** What was found of its account that vaultvisor did not start. */
  readonly strangers: readonly StrangerStatus[];
  /** Why the source cannot be read. */
  readonly trouble: string | null;
  /** Why the last child ended by itself; `null`: none has, or one is up. */
  readonly lastExit?: string | null;
  /** How its probes fail just now. */
  readonly failing: string | null;
  /** What is found of a copy of it on another machine. */
  readonly guard: GuardStatus | null;
  /** What is known of its next payment; `null`, or left out: nothing. */
  readonly redeem?: RedeemStatus | null;
  /** What the gate of the next waits for. */
  readonly gate: string | null;
  readonly progress: { readonly received: number; readonly total: number | null } | null;
}

/** `watching`: before its first start on this machine. `refused`: it is not started. `alarm`: its account signs while it is down. */
export interface GuardStatus {
  readonly account: string;
  readonly state: 'watching' | 'refused' | 'alarm';
  /** The finalised block that a watch goes on to, once that is known. */
  readonly until: number | null;
  readonly reason: string;
}

/** What is known of the client's next payment; times are ISO 8601, UTC. */
export interface RedeemStatus {
  /** Hours that are left by now. */
  readonly hours: number;
  /** When they have run out. */
  readonly deadline: string;
  readonly readAt: string;
  /** Nothing healthy serves, and fewer hours are left than the operator said. */
  readonly critical: boolean;
  /** Why it is critical, in words; `null`: it is not. */
  readonly reason: string | null;
}

/** A client of the instance's account that vaultvisor did not start. */
export interface StrangerStatus {
  /** `null`: nothing of it runs just now. */
  readonly pid: number | null;
  /** The systemd unit that runs it. */
  readonly unit: string | null;
  /** What it is and how it is known. */
  readonly words: string;
  /** The commands that end it for good. */
  readonly end: string;
}

/** What a stranger does to an instance. */
export const besideStranger = 'another client of this account is on this machine, and nothing is started beside it';

export interface ChainStatus {
  readonly endpoint: string | null;
  readonly connected: boolean;
  readonly finalized: { readonly number: number; readonly hash: string; readonly at: string | null } | null;
}

export interface DeploymentStatus {
  readonly checksum: Checksum;
  readonly version: string | null;
  readonly uri: string | null;
  readonly deployment: string;
}

export interface NextStatus extends DeploymentStatus {
  readonly state: 'fetching' | 'staged' | 'switching' | 'probation';
  readonly retryAt: string | null;
  readonly waitsFor: string | null;
}

/** One instance in `status --json`: an API; keys are added, never changed or removed. */
export interface InstanceStatus {
  readonly network: string;
  readonly client: string;
  readonly phase: Slot['at'];
  readonly verdict: Verdict | null;
  readonly reason: string | null;
  readonly current: DeploymentStatus | null;
  readonly previous: DeploymentStatus | null;
  readonly next: NextStatus | null;
  readonly queued: NextStatus | null;
  readonly child: { readonly pid: number; readonly startedAt: string; readonly checksum: Checksum | null } | null;
  /** Why the last child ended by itself, while none is up. */
  readonly lastExit: string | null;
  readonly quarantined: readonly QuarantineStatus[];
  readonly held: { readonly since: string; readonly until: string | null } | null;
  readonly stopped: boolean;
  readonly pinned: { readonly checksum: Checksum; readonly forever: boolean } | null;
  readonly configured: boolean;
  readonly pending: {
    readonly checksum: Checksum;
    readonly version: string | null;
    readonly uri: string | null;
    /** Why it cannot come yet; `null`: it comes with the next runtime. */
    readonly waitsFor: string | null;
  } | null;
  readonly blocked: string | null;
  readonly strangers: readonly StrangerStatus[];
  readonly trouble: string | null;
  readonly guard: GuardStatus | null;
  readonly redeem: RedeemStatus | null;
  readonly chain: ChainStatus | null;
  /** Whether this instance is as it should be: what `status` ends 0 for. */
  readonly ok: boolean;
}

export interface QuarantineStatus {
  readonly checksum: Checksum;
  readonly deployment: string | null;
  readonly reason: string;
  readonly attempts: number;
  readonly retryAt: string | null;
}

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
