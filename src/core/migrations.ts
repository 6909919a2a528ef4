/** Which migrations lie between what was and what comes. */
import type { Deployment } from './deployment.ts';
import type { Instance } from './instance.ts';
import { committed, occupant } from './occupancy.ts';
import type { Checksum, Migration, MigrationKind, Release } from './release.ts';
import { order } from './versions.ts';

/**
 * Migrations of arguments that a deployment of the release carries: those of what is committed, and what leads from there to it. The
 * operator's file is written for the first release that it is used with. What is known here already keeps what it had.
 */
export function onArguments(i: Instance, release: Release): readonly Migration[] {
  const same = known(i).find((d) => d.release.checksum === release.checksum);
  if (same !== undefined) return same.migrations ?? [];
  const from = origin(i);
  if (from === null) return [];
  const carried = (from.migrations ?? []).filter((m) => !isBeyond(m, release));
  return [...carried, ...between(from.release, release, 'arguments').filter((m) => !includes(carried, m))];
}

/** Migrations that the data need for the release, in the order in which they run. Data that no client wrote need none. */
export function onData(i: Instance, release: Release): readonly Migration[] {
  const from = origin(i);
  if (from === null || from.release.checksum === release.checksum) return [];
  const seen = seenByData(i);
  return between(from.release, release, 'data').filter(({ checksum }) => !seen.includes(checksum));
}

/** Checksums of the migrations that the data have seen. */
export const seenByData = (i: Instance): readonly Checksum[] =>
  i.data === null ? [] : (i.updates[i.data]?.seen ?? []);

/** Whether the data have seen a migration that leads beyond the release. */
export function isBehindData(i: Instance, release: Release): boolean {
  const seen = seenByData(i);
  return namedBy(release).some((m) => m.kind === 'data' && seen.includes(m.checksum) && isBeyond(m, release));
}

/** Whether it cannot be said which of the migrations that the release names lie on the way to it. */
export function isUnordered(i: Instance, release: Release): boolean {
  const from = origin(i);
  if (from === null || from.release.checksum === release.checksum) return false;
  const steps = namedBy(release).filter(({ to }) => to !== null);
  return steps.some((m) => order(stepOf(m), release) === null || order(stepOf(m), from.release) === null);
}

/** What a release names of a kind, as far as it leads to itself. */
export const upTo = (release: Release, kind: MigrationKind): readonly Migration[] =>
  namedBy(release).filter((m) => m.kind === kind && (m.to === null || (order(stepOf(m), release) ?? 1) <= 0));

const between = (from: Release, to: Release, kind: MigrationKind): readonly Migration[] =>
  upTo(to, kind).filter((m) => m.to === null || (order(stepOf(m), from) ?? 0) > 0);

const namedBy = (release: Release): readonly Migration[] => release.terms?.migrations ?? [];
const stepOf = ({ to }: Migration) => ({ version: to, uri: null });
const isBeyond = (m: Migration, release: Release): boolean => m.to !== null && (order(stepOf(m), release) ?? 0) > 0;
const includes = (list: readonly Migration[], one: Migration): boolean => list.some((m) => m.checksum === one.checksum);

/** Where an update begins: what is committed, else the first deployment, on its trial. */
const origin = (i: Instance): Deployment | null => committed(i) ?? occupant(i.slot);

const known = (i: Instance): readonly Deployment[] =>
  [occupant(i.slot), ...i.formers.map((f) => f.deployment)].filter((d) => d !== null);
