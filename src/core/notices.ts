import { type Deployment, same } from './deployment.ts';
import type { InstanceEvent } from './events.ts';
import { type Bar, type Instance, occupant, serving } from './instance.ts';
import type { Policy } from './policy.ts';
import { isOlder } from './questions.ts';
import type { Release } from './release.ts';
import { unfit } from './unfit.ts';

/** One thing worth telling: a line of the history, a log line, a metric. `event` is past tense. */
export interface Notice {
  readonly event: string;
  readonly [detail: string]: unknown;
}

/** What happened between two values. What starts and stops a child tells of that itself. */
export function notices(before: Instance, event: InstanceEvent, after: Instance, policy: Policy): readonly Notice[] {
  return [
    ...ofChain(before, after, policy),
    ...ofPersons(before, event, after),
    ...ofFetching(before, event, after),
    ...ofChild(before, event, after),
    ...ofHands(before, event, after),
    ...ofData(before, event, after),
    ...ofBars(before, after),
  ];
}

export const named = ({ checksum, version, uri }: Release) => ({ checksum, version, uri });
export const told = ({ id, release }: Deployment) => ({ ...named(release), deployment: id });

function ofChain(before: Instance, after: Instance, policy: Policy): readonly Notice[] {
  const { chain } = after;
  const out: Notice[] = [];
  if (chain.specVersion !== before.chain.specVersion)
    out.push({ event: 'runtime', specVersion: chain.specVersion, from: before.chain.specVersion });
  if (chain.pending && chain.pending.checksum !== before.chain.pending?.checksum)
    out.push({ event: 'pending', ...named(chain.pending), block: chain.block });
  if (chain.named && chain.named.checksum !== before.chain.named?.checksum)
    out.push({
      event: 'announced',
      ...named(chain.named),
      block: chain.block,
      ...downgrade(before, chain.named, policy),
    });
  const why = waitsFor(after, policy);
  const isOld = why === waitsFor(before, policy) && chain.named?.checksum === before.chain.named?.checksum;
  if (chain.named && why !== null && !isOld) out.push({ event: 'waits', ...named(chain.named), reason: why });
  if (!chain.named && before.chain.named)
    out.push({ event: 'withdrawn', ...named(before.chain.named), block: chain.block });
  return out;
}

/** Why what is named cannot come yet; over a pin nothing waits. */
const waitsFor = (i: Instance, policy: Policy): string | null =>
  i.chain.named === null || i.said.pinned !== null ? null : unfit(i, i.chain.named, policy);

/** Governance may name an older release; that it did is told, and whether it is obeyed. */
function downgrade(before: Instance, release: Release, policy: Policy): { downgrade?: 'obeyed' | 'refused' } {
  if (!isOlder(before, release, policy)) return {};
  return { downgrade: policy.allowDowngrade ? 'obeyed' : 'refused' };
}

function ofPersons(before: Instance, event: InstanceEvent, after: Instance): readonly Notice[] {
  switch (event.type) {
    case 'held':
      return [{ event: 'held', until: after.said.held?.until ?? null }];
    case 'resumed':
      return before.said.held ? [{ event: 'resumed' }] : [];
    case 'pinned':
      return [{ event: 'pinned', ...named(event.release), forever: event.forever }];
    case 'unpinned':
      return before.said.pinned ? [{ event: 'unpinned' }] : [];
    case 'forgiven':
      return before.bars.length > after.bars.length ? [{ event: 'forgiven', checksum: event.checksum }] : [];
    case 'approved':
    case 'disapproved':
      return before.said.approved === after.said.approved ? [] : [{ event: event.type, checksum: event.checksum }];
    case 'stopped':
    case 'started':
    case 'restarted':
    case 'rejected':
      return [{ event: 'asked', to: event.type }];
    case 'configured':
      return JSON.stringify(before.config) === JSON.stringify(after.config) ? [] : [{ event: 'configured' }];
    default:
      return [
        ...(before.said.held && !after.said.held ? [{ event: 'resumed' }] : []),
        ...(before.said.pinned && !after.said.pinned ? [{ event: 'unpinned' }] : []),
      ];
  }
}

function ofFetching(before: Instance, event: InstanceEvent, after: Instance): readonly Notice[] {
  const next = before.next?.deployment ?? null;
  switch (event.type) {
    case 'fetched': {
      const of = next?.id === event.of ? next : occupant(before.slot);
      return of?.id === event.of ? [{ event: 'fetched', ...told(of) }] : [];
    }
    case 'prefetched':
      return before.chain.pending
        ? [{ event: 'fetched', ...named(before.chain.pending), deployment: event.of, ahead: true }]
        : [];
    case 'fetchFailed': {
      const retryAt = after.next?.at === 'fetching' ? after.next.retryAt : after.volatile.rest;
      return [{ event: 'fetchFailed', deployment: event.of, reason: event.reason, retryAt }];
    }
    default:
      return [];
  }
}

function ofChild(before: Instance, event: InstanceEvent, after: Instance): readonly Notice[] {
  const was = serving(before);
  if (was === null || !('of' in event) || event.of !== was.deployment.id) return [];
  const here = told(was.deployment);
  switch (event.type) {
    case 'exited':
      return [{ event: 'exited', ...here, reason: event.reason, uptime: event.uptime, final: event.final }];
    case 'spoiled':
      return [{ event: 'spoiled', ...here }];
    case 'unhealthy':
      return same(was.deployment, occupant(after.slot)) ? [{ event: 'unhealthy', ...here, reason: event.reason }] : [];
    case 'healthy':
      return was.at === 'running' && was.verdict !== 'healthy' ? [{ event: 'healthy', ...here }] : [];
    default:
      return [];
  }
}

function ofHands(before: Instance, event: InstanceEvent, after: Instance): readonly Notice[] {
  const was = serving(before);
  const is = serving(after);
  if (was === null || is === null) return [];
  if (same(was.deployment, is.deployment))
    return was.at === 'probation' && is.at === 'running'
      ? [{ event: 'committed', ...told(is.deployment) }]
      : failedInPlace(before, after);
  if (is.at === 'probation') return [];
  const to = told(is.deployment);
  const from = was.deployment.id;
  const bar = newBar(before, after);
  const failure = bar?.by === 'failure' ? bar : null;
  const by = event.type === 'rejected' ? 'person' : event.type === 'spoiled' ? 'lost bytes' : failure && 'failure';
  if (by === null) return [{ event: 'recalled', ...to, from }];
  return [
    ...(failure ? [{ event: 'failed', ...told(was.deployment), reason: failure.reason }, quarantined(failure)] : []),
    { event: 'rolledBack', ...to, from, by },
  ];
}

/** What became of the data, and of who waits for them. */
function ofData({ slot: was }: Instance, event: InstanceEvent, after: Instance): readonly Notice[] {
  const { slot: is } = after;
  if (is.at === 'switching' && was.at !== 'switching') {
    const migrations = is.migrations.map(({ checksum }) => checksum);
    return [{ event: 'migrating', ...told(is.to), update: is.update, migrations }];
  }
  if (was.at === 'switching' && event.type === 'migrated')
    return [{ event: 'migrated', ...told(was.to), update: was.update }];
  if (was.at === 'switching' && is.at === 'reverting') {
    const reason = event.type === 'migrationFailed' ? event.reason : 'a person ended it';
    const bar = after.bars.find((b) => b.by === 'failure' && same(b.of, was.to));
    return [
      { event: 'migrationFailed', ...told(was.to), update: was.update, reason },
      ...(bar?.by === 'failure' ? [quarantined(bar)] : []),
    ];
  }
  if (is.at === 'reverting' && was.at !== 'reverting')
    return [{ event: 'rolledBack', ...told(is.to.deployment), from: occupant(was)?.id ?? null, restoring: is.update }];
  if (was.at === 'reverting' && event.type === 'restored') return [{ event: 'restored', update: was.update }];
  if (was.at === 'reverting' && event.type === 'restoreFailed')
    return [{ event: 'restoreFailed', update: was.update, reason: event.reason }];
  return event.type === 'dataRestored' && is !== was ? [{ event: 'restored', update: event.update, by: 'person' }] : [];
}

/** It failed, and there is no way back: it stays. */
function failedInPlace(before: Instance, after: Instance): readonly Notice[] {
  const was = serving(before);
  const is = serving(after);
  const isWorse =
    is?.at === 'probation' && was?.verdict !== is.verdict && (is.verdict === 'unhealthy' || is.verdict === 'down');
  return isWorse ? [{ event: 'failed', ...told(is.deployment), reason: is.reason, wayBack: false }] : [];
}

function ofBars(before: Instance, after: Instance): readonly Notice[] {
  const isExcused = (bar: Bar) => bar.by === 'failure' && bar.wait.for === 'former';
  const alarm = after.bars.some(isExcused) && !before.bars.some(isExcused);
  const replaced = serving(after)?.at === 'probation' ? newBar(before, after) : null;
  return [
    ...(alarm
      ? [
          {
            event: 'alarm',
            about: 'environment',
            reason: 'what was committed fails too: look at the node, the disk, the network',
          },
        ]
      : []),
    ...(replaced?.by === 'failure' ? [quarantined(replaced)] : []),
  ];
}

function newBar(before: Instance, after: Instance): Bar | null {
  return after.bars.find((bar) => !before.bars.includes(bar) && !isSameWait(bar, before)) ?? null;
}

/** Only its wait is another. */
function isSameWait(bar: Bar, before: Instance): boolean {
  return (
    bar.by === 'failure' &&
    before.bars.some(
      (b) => b.by === 'failure' && same(b.of, bar.of) && b.attempts === bar.attempts && b.wait.for !== 'nothing',
    )
  );
}

function quarantined(bar: Extract<Bar, { by: 'failure' }>): Notice {
  const retryAt = 'until' in bar.wait ? bar.wait.until : null;
  return { event: 'quarantined', ...told(bar.of), reason: bar.reason, attempts: bar.attempts, retryAt };
}
