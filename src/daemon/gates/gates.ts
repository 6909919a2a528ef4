import type { DrainConfig, MetricGate } from '../../config/gates.ts';
import type { Deployment } from '../../core/deployment.ts';
import { serving } from '../../core/occupancy.ts';
import { sentenceOf } from '../../errors.ts';
import { ageGate, type Moment, rolloutGate } from '../../gate/age.ts';
import { conditionGate } from '../../gate/conditions.ts';
import { drainGate, type End } from '../../gate/drain.ts';
import type { FleetSlot } from '../../gate/fleet-lock/client.ts';
import { fleetLockGate } from '../../gate/fleet-lock/gate.ts';
import { metricGate } from '../../gate/metric.ts';
import { heardAt, waitingSince, withoutWaiting, withWaiting } from '../../gate/record.ts';
import type { Gate } from '../../gate/round.ts';
import { utc } from '../../gate/times.ts';
import { unlessUrgent } from '../../gate/urgent.ts';
import { open, type Verdict, waits } from '../../gate/verdict.ts';
import { windowGate } from '../../gate/windows.ts';
import { endOf } from '../../probe/kinds/command.ts';
import { probeMetric } from '../../probe/kinds/metric.ts';
import { readSum } from '../../probe/reading.ts';
import { machineName } from '../../process/machine.ts';
import type { Cell } from '../instance/cell.ts';
import { placeOf } from './place.ts';
import { serves } from './serves.ts';

/** For whom the gates are asked. */
export interface Asked {
  readonly of: Deployment;
  readonly urgent: boolean;
}

/**
 * The gates of an update, in their order, as the file says now. Where nothing serves there is nothing to interrupt, and only the conditions on the
 * chain are asked.
 */
export function gatesFor(asked: Asked, cell: Cell): readonly Gate[] {
  const gates: readonly (Gate & { readonly always?: boolean })[] = [
    { name: 'chain', always: true, ask: async () => chain(cell) },
    {
      name: 'window',
      ask: async () => unlessUrgent(windowGate(cell.config().gates.windows, wall(cell)), asked.urgent),
    },
    { name: 'minAge', ask: async () => unlessUrgent(age(asked, cell), asked.urgent) },
    { name: 'rollout', ask: async () => unlessUrgent(rollout(asked, cell), asked.urgent) },
    ...cell
      .config()
      .gates.metrics.map(
        (metric): Gate => ({ name: 'metric', ask: (signal) => ofMetric(metric, asked, cell, signal) }),
      ),
    ...ofFleetLock(asked, cell),
    ...ofDrain(asked, cell),
  ];
  return gates.map(({ ask, always, ...gate }) => ({
    ...gate,
    ask: async (signal) => (always || isServing(cell) ? ask(signal) : open),
  }));
}

export const isServing = (cell: Cell): boolean =>
  serves(cell.value(), {
    isUp: cell.child.get() !== null,
    isBlocked: cell.blocked.get() !== null,
    exits: cell.config().health.exits,
  });

const momentOf = ({ services: { clock } }: Cell): Moment => ({ now: clock.now(), drift: clock.drift() });
const wall = (cell: Cell) => momentOf(cell).now + momentOf(cell).drift;

function chain(cell: Cell): Verdict {
  const { network, gates } = cell.config();
  return conditionGate(gates, cell.services.head(network));
}

function age({ of }: Asked, cell: Cell): Verdict {
  const at = momentOf(cell);
  return ageGate(cell.config().gates.minAge, heardAt(cell.gates.book.get(), of.release.checksum, at.now), at);
}

function rollout({ of }: Asked, cell: Cell): Verdict {
  const { checksum } = of.release;
  const { window, group } = cell.config().gates.rollout;
  const at = momentOf(cell);
  const heard = heardAt(cell.gates.book.get(), checksum, at.now);
  return rolloutGate({ window, group: group ?? machineName() }, checksum, heard, at);
}

const METRIC_LIMIT = 10_000;

async function ofMetric(metric: MetricGate, { of }: Asked, cell: Cell, signal: AbortSignal): Promise<Verdict> {
  const { book } = cell.gates;
  const name = `metric ${metric.url} ${metric.name}`;
  const failure = await failureOf(metric, cell, signal);
  const isSilent = failure !== null && (await saysNothing(metric, cell, signal));
  const at = momentOf(cell);
  const verdict = metricGate(
    failure,
    isSilent,
    metric.atMost,
    waitingSince(book.get(), of.id, name, at.now) ?? at.now,
    at,
  );
  if (failure === null) await book.note((record) => withoutWaiting(record, name));
  else await book.note((record) => withWaiting(record, of.id, name, at.now));
  return verdict;
}

/** A vault that never got as far as its services has no payment under way, and what would mend it must not wait for its word. */
async function saysNothing(metric: MetricGate, cell: Cell, signal: AbortSignal): Promise<boolean> {
  const child = cell.child.get();
  if (child === null || serving(cell.value())?.verdict !== 'unhealthy') return false;
  return typeof (await readSum(metric, child.pid, signal)) === 'string';
}

async function failureOf({ url, name, min, max }: MetricGate, cell: Cell, signal: AbortSignal): Promise<string | null> {
  const child = cell.child.get();
  if (child === null) return 'the client is not up, so its metrics cannot be read';
  const probe = { kind: 'metric', url, name, min, max, maxRise: null, within: null } as const;
  const life = { pid: child.pid, rises: { hear: () => 0 }, now: () => performance.now() };
  const outcome = await probeMetric(probe, life, METRIC_LIMIT, signal);
  return outcome.is === 'passed' ? null : outcome.why;
}

function ofFleetLock(asked: Asked, cell: Cell): readonly Gate[] {
  const slot = cell.gates.slot();
  if (slot === null) return [];
  const asking = () => `the answer of the FleetLock server about a slot of the group ${slot.group}`;
  return [{ name: 'fleetLock', asking, ask: (signal) => fleetLock(slot, asked, cell, signal) }];
}

async function fleetLock(slot: FleetSlot, { of, urgent }: Asked, cell: Cell, signal: AbortSignal): Promise<Verdict> {
  const { book, holder, exclusive } = cell.gates;
  const begun = momentOf(cell).now;
  try {
    await book.note((record) => withWaiting(record, of.id, 'fleetLock', begun));
    const answer = await exclusive(() => holder.obtain(slot, signal));
    const at = momentOf(cell);
    const since = waitingSince(book.get(), of.id, 'fleetLock', at.now) ?? begun;
    const atMost = urgent ? cell.config().gates.urgentWait : null;
    return fleetLockGate(answer, slot, { atMost, since }, at, Math.random());
  } catch (error) {
    signal.throwIfAborted();
    return waits(`room on the disk: what is held must be saved first (${sentenceOf(error)})`, 10_000);
  }
}

/** A command is asked at all, however late. */
const LEAST_DRAIN = 1_000;

function ofDrain(asked: Asked, cell: Cell): readonly Gate[] {
  const { drain: config } = cell.config().gates;
  if (config === null) return [];
  const asking = () => {
    const { now, drift } = momentOf(cell);
    return `the drain command (gates.drain), which runs until ${utc(now + drift + config.deadline)} at most`;
  };
  return [{ name: 'drain', asking, ask: (signal) => drain(config, asked, cell, signal) }];
}

async function drain(asked: DrainConfig, { of, urgent }: Asked, cell: Cell, signal: AbortSignal): Promise<Verdict> {
  const { book, exclusive } = cell.gates;
  const present = serving(cell.value());
  if (present === null) return open;
  const begun = momentOf(cell).now;
  try {
    await book.note((record) => withWaiting(record, of.id, 'drain', begun));
    await book.change((record) => ({ ...record, drained: { of: present.deployment.id, after: asked.after } }));
  } catch (error) {
    signal.throwIfAborted();
    return waits(`room on the disk: that it is drained must be saved first (${sentenceOf(error)})`, 10_000);
  }
  const since = waitingSince(book.get(), of.id, 'drain', begun) ?? begun;
  const limit = urgent ? Math.max(LEAST_DRAIN, since + asked.deadline - begun) : asked.deadline;
  const end = await exclusive(() => endOfDrain(asked.command, limit, of, cell, signal));
  return drainGate(end, { deadline: asked.deadline, since, urgent }, momentOf(cell));
}

async function endOfDrain(
  command: readonly string[],
  limit: number,
  of: Deployment,
  cell: Cell,
  signal: AbortSignal,
): Promise<End | Error | null> {
  try {
    return await endOf(command, placeOf(cell, of), limit, signal);
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error : new Error(String(error));
  }
}
