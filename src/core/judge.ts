/** What the child's life means: its verdicts, its exits, the deaths of its supervisor. */
import { jittered } from './backoff.ts';
import { barred, excused } from './bars.ts';
import { type Deployment, same } from './deployment.ts';
import type { ChildEvent } from './events.ts';
import { back } from './hands.ts';
import type { Bar, Instance, Running, Serving } from './instance.ts';
import type { Moment, Policy } from './policy.ts';
import { wayBack } from './questions.ts';

export function ofChild(i: Instance, slot: Serving, event: ChildEvent, policy: Policy, moment: Moment): Instance {
  switch (event.type) {
    case 'healthy':
      return healthy(i, slot, policy, moment);
    case 'unhealthy':
      return slot.at === 'probation'
        ? failed(i, slot, event.reason, policy, moment)
        : livened(ailing(i, slot, event.reason), policy, moment);
    case 'spoiled':
      return spoiled(i, slot);
    case 'exited':
      return exited(i, slot, event, policy, moment);
  }
}

/** Healthy: proven for this runtime, committed; and who waited for that is due. */
function healthy(i: Instance, slot: Serving, policy: Policy, { now }: Moment): Instance {
  const { deployment } = slot;
  const { checksum } = deployment.release;
  const specs = new Set([
    ...(i.proven[checksum] ?? []),
    ...(i.chain.specVersion === null ? [] : [i.chain.specVersion]),
  ]);
  const youngUntil = slot.at === 'running' ? slot.youngUntil : now + policy.rollbackWindow;
  return {
    ...i,
    slot: { at: 'running', deployment, verdict: 'healthy', reason: null, exits: 0, youngUntil },
    formers: kept(i.formers, deployment, policy.keep),
    bars: i.bars.filter((bar) => bar.by === 'person' || !same(bar.of, deployment)).map(dueNow),
    proven: { ...i.proven, [checksum]: [...specs].sort((a, b) => a - b) },
    volatile: { ...i.volatile, livenAt: null },
  };
}

const dueNow = (bar: Bar): Bar =>
  bar.by === 'failure' && bar.wait.for === 'former' ? { ...bar, wait: { for: 'nothing' } } : bar;

/** Of other checksums the newest `keep`; of its own checksum (edits) all: they cost no bytes. */
function kept(formers: Instance['formers'], present: Deployment, keep: number): Instance['formers'] {
  const others = [
    ...new Set(formers.map((f) => f.deployment.release.checksum).filter((c) => c !== present.release.checksum)),
  ].slice(0, keep);
  return formers.filter(
    ({ deployment: { release } }) => release.checksum === present.release.checksum || others.includes(release.checksum),
  );
}

/** The control group: what was committed fails too, so what failed before it is excused. */
function ailing(i: Instance, slot: Running, reason: string): Instance {
  const isFirstVerdict = slot.verdict === 'unknown';
  return { ...i, slot: { ...slot, verdict: 'unhealthy', reason }, bars: isFirstVerdict ? i.bars.map(excused) : i.bars };
}

/** Liveness: the committed child that is unhealthy is started again, within its budget; then it only alarms. */
export function livened(i: Instance, policy: Policy, { now }: Moment): Instance {
  const { failFor, restarts, per } = policy.liveness;
  const recent = i.volatile.livened.filter((time) => time > now - per);
  const first = recent[0];
  if (recent.length >= restarts)
    return {
      ...i,
      volatile: {
        ...i.volatile,
        livened: recent,
        livenAt: first === undefined ? null : Math.max(first + per, now + 1),
      },
    };
  return {
    ...i,
    volatile: {
      ...i.volatile,
      rest: null,
      turn: i.volatile.turn + 1,
      livened: [...recent, now],
      livenAt: now + failFor,
    },
  };
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
  if (slot.at === 'probation' && wayBack(i)) return failed(i, slot, reason, policy, moment);
  return { ...i, slot: { ...slot, verdict: 'down', reason } };
}

export function booted(i: Instance, slot: Serving, policy: Policy, moment: Moment): Instance {
  if (slot.at !== 'probation' || i.said.stopped || slot.verdict !== 'unknown') return i;
  const counted = { ...slot, boots: slot.boots + 1 };
  return counted.boots < policy.boots
    ? { ...i, slot: counted }
    : failed(i, counted, 'the supervisor died too often while it was on probation', policy, moment);
}

/** The one way to fail: back and barred; with no way back it stays, is started again, and says so. */
function failed(i: Instance, slot: Serving, reason: string, policy: Policy, moment: Moment): Instance {
  const way = wayBack(i);
  return way
    ? back(barred(i, slot.deployment, reason, policy, moment), way)
    : { ...i, slot: { ...slot, verdict: 'unhealthy', reason } };
}

/** Its bytes are lost: back to other bytes, else the same bytes again. */
function spoiled(i: Instance, slot: Serving): Instance {
  const way = wayBack(i, (d) => d.release.checksum !== slot.deployment.release.checksum);
  if (way) return back(i, way);
  return {
    ...i,
    slot: { ...slot, verdict: 'gone', reason: 'its file in the store is lost or damaged' },
    volatile: { ...i.volatile, rest: null },
  };
}
