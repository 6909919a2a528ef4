/** What the child's life means: its verdicts, its exits, the deaths of its supervisor. */
import { jittered } from './backoff.ts';
import { barred, excused } from './bars.ts';
import { same } from './deployment.ts';
import type { Booted, ChildEvent } from './events.ts';
import { back, trimmed } from './hands.ts';
import type { Bar, Instance, Running, Serving } from './instance.ts';
import { livened } from './liveness.ts';
import type { Moment, Policy } from './policy.ts';
import { withProof } from './proof.ts';
import { adopts, wayBack } from './questions.ts';

type Judged = Exclude<ChildEvent, { readonly type: 'spoiled' }>;

export function ofChild(i: Instance, slot: Serving, event: Judged, policy: Policy, moment: Moment): Instance {
  switch (event.type) {
    case 'healthy':
      return healthy(i, slot, policy, moment);
    case 'unhealthy':
      return unhealthy(i, slot, event.reason, policy, moment);
    case 'exited':
      return exited(i, slot, event, policy, moment);
  }
}

/** A level: said again of what is committed it is no news. */
function unhealthy(i: Instance, slot: Serving, reason: string, policy: Policy, moment: Moment): Instance {
  if (slot.at === 'probation') return failed(i, slot, reason, policy, moment);
  return slot.verdict === 'unhealthy' ? i : livened(ailing(i, slot, reason), policy, moment);
}

/** Healthy: proven for this runtime, committed; and who waited for that is due. */
function healthy(i: Instance, slot: Serving, policy: Policy, { now }: Moment): Instance {
  const { deployment } = slot;
  const { checksum } = deployment.release;
  const youngUntil = slot.at === 'running' ? slot.youngUntil : now + policy.rollbackWindow;
  return {
    ...i,
    slot: { at: 'running', deployment, verdict: 'healthy', reason: null, exits: 0, youngUntil },
    formers: trimmed(i.formers, checksum, policy.keep),
    bars: i.bars.filter((bar) => bar.by === 'person' || !same(bar.of, deployment)).map(dueNow),
    proven: withProof(i, checksum),
  };
}

const dueNow = (bar: Bar): Bar =>
  bar.by === 'failure' && bar.wait.for === 'former' ? { ...bar, wait: { for: 'nothing' } } : bar;

/** The control group: what was committed fails too, so what failed before it is excused. */
function ailing(i: Instance, slot: Running, reason: string): Instance {
  const isFirstVerdict = slot.verdict === 'unknown';
  return { ...i, slot: { ...slot, verdict: 'unhealthy', reason }, bars: isFirstVerdict ? i.bars.map(excused) : i.bars };
}

type Exited = Extract<ChildEvent, { type: 'exited' }>;

function exited(i: Instance, slot: Serving, event: Exited, policy: Policy, { now, chance }: Moment): Instance {
  const wasStable = event.uptime >= policy.restart.stableAfter;
  const restarts = wasStable ? 0 : i.volatile.restarts;
  const rest = now + jittered(policy.restart, restarts, chance);
  const rested = { ...i, volatile: { ...i.volatile, rest, restarts: restarts + 1 } };
  if (event.final) return final(rested, slot, event.reason, policy, { now, chance });
  const counted = { ...slot, exits: Math.min(wasStable ? 1 : slot.exits + 1, policy.exits) };
  if (counted.exits < policy.exits) return { ...rested, slot: counted };
  const reason = `${event.reason}; that was exit ${policy.exits} of ${policy.exits}`;
  if (counted.at === 'running' && counted.youngUntil === null) return ailing(rested, counted, reason);
  return failed(rested, counted, reason, policy, { now, chance });
}

/** An exit after which nothing but a person, an edit or another release starts it again. */
function final(i: Instance, slot: Serving, reason: string, policy: Policy, moment: Moment): Instance {
  if (slot.at === 'probation' && wayBack(i, policy)) return failed(i, slot, reason, policy, moment);
  return { ...i, slot: { ...slot, verdict: 'down', reason } };
}

/**
 * A further start of the supervisor: of a probation it is counted, unless its child lived on and is adopted; and the time that it was away
 * counts for no deadline.
 */
export function booted(
  i: Instance,
  slot: Serving,
  { orphan = null }: Booted,
  policy: Policy,
  moment: Moment,
): Instance {
  if (slot.at !== 'probation') return i;
  if (i.said.stopped || slot.verdict !== 'unknown' || adopts(i, orphan))
    return { ...i, slot: { ...slot, since: moment.now } };
  const counted = { ...slot, since: moment.now, boots: slot.boots + 1 };
  return counted.boots < policy.boots
    ? { ...i, slot: counted }
    : failed(i, counted, 'the supervisor died too often while it was on probation', policy, moment);
}

/** The one way to fail: back and barred; with no way back it stays, is started again, and says so. */
function failed(i: Instance, slot: Serving, reason: string, policy: Policy, moment: Moment): Instance {
  const way = wayBack(i, policy);
  return way
    ? back(barred(i, slot.deployment, reason, policy, moment), way, policy)
    : { ...i, slot: { ...slot, verdict: 'unhealthy', reason } };
}
