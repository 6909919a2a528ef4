import type { DeploymentId } from '../core/deployment.ts';
import type { Checksum, Millis } from '../core/release.ts';
import type { FleetSlot } from './fleet-lock/client.ts';

/** What the gates of an instance must know over a restart. Times are of our own clock. */
export interface GateRecord {
  /** When a release was first heard of here, oldest first. */
  readonly heard: readonly { readonly checksum: Checksum; readonly at: Millis }[];
  /** Since when the gates of an update wait that wait for so long at most. */
  readonly waiting: { readonly of: DeploymentId; readonly since: Readonly<Record<string, Millis>> } | null;
  /** Slots of FleetLock servers that we may hold: saved before they are asked for, until they are given back. */
  readonly slots: readonly FleetSlot[];
  /** Whom a drain command was run for, and what undoes it (`null`: nothing need be done). */
  readonly drained: { readonly of: DeploymentId; readonly after: readonly string[] | null } | null;
}

export const nothingKept: GateRecord = { heard: [], waiting: null, slots: [], drained: null };

/** So many releases are remembered; one that is named again after them all is as good as new. */
const HEARD = 64;

export function withHeard(record: GateRecord, checksums: readonly Checksum[], at: Millis): GateRecord {
  const news = [...new Set(checksums)].filter((checksum) => !record.heard.some((one) => one.checksum === checksum));
  if (news.length === 0) return record;
  return { ...record, heard: [...record.heard, ...news.map((checksum) => ({ checksum, at }))].slice(-HEARD) };
}

/** When it was heard of; a time that has not come yet is of a clock that was set back, and counts as now. */
export const heardAt = ({ heard }: GateRecord, checksum: Checksum, now: Millis): Millis =>
  Math.min(now, heard.find((one) => one.checksum === checksum)?.at ?? now);

/** Since when a gate waits for this update; `null`: it does not. */
export function waitingSince({ waiting }: GateRecord, of: DeploymentId, gate: string, now: Millis): Millis | null {
  const since = waiting?.of === of ? waiting.since[gate] : undefined;
  return since === undefined ? null : Math.min(now, since);
}

/** A gate begins to wait for an update; one that does already is left as it is. */
export function withWaiting(record: GateRecord, of: DeploymentId, gate: string, now: Millis): GateRecord {
  if (waitingSince(record, of, gate, now) !== null) return record;
  const others = record.waiting?.of === of ? record.waiting.since : {};
  return { ...record, waiting: { of, since: { ...others, [gate]: now } } };
}

/** A gate waits no longer. */
export function withoutWaiting(record: GateRecord, gate: string): GateRecord {
  const { waiting } = record;
  if (waiting === null || waiting.since[gate] === undefined) return record;
  const { [gate]: _, ...since } = waiting.since;
  return { ...record, waiting: { ...waiting, since } };
}

export const isSameSlot = (a: FleetSlot, b: FleetSlot): boolean =>
  a.url === b.url && a.group === b.group && a.id === b.id;

export function withSlot(record: GateRecord, slot: FleetSlot): GateRecord {
  return record.slots.some((held) => isSameSlot(held, slot)) ? record : { ...record, slots: [...record.slots, slot] };
}

export function withoutSlot(record: GateRecord, slot: FleetSlot): GateRecord {
  const slots = record.slots.filter((held) => !isSameSlot(held, slot));
  return slots.length === record.slots.length ? record : { ...record, slots };
}
