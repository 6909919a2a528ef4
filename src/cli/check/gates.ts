import type { ClientConfig } from '../../config/settings.ts';
import type { Instance } from '../../core/instance.ts';
import { serving } from '../../core/occupancy.ts';
import type { Policy } from '../../core/policy.ts';
import { heldBackBy, isUrgent } from '../../core/questions.ts';
import type { Millis } from '../../core/release.ts';
import { ageGate, rolloutGate } from '../../gate/age.ts';
import { conditionGate, type Head } from '../../gate/conditions.ts';
import { type GateRecord, heardAt } from '../../gate/record.ts';
import type { Verdict } from '../../gate/verdict.ts';
import { windowGate } from '../../gate/windows.ts';
import { machineName } from '../../process/machine.ts';

/** What is known to whoever only looks. */
export interface Known {
  /** As its source was read just now; `null`: it is on no chain. */
  readonly head: Head | null;
  readonly record: GateRecord;
  /** The wall clock's. */
  readonly now: Millis;
}

/**
 * What an update that is on its way would wait for, and whom it would ask then, in words that read on; empty: nothing and nobody. Nobody is asked for
 * this: a metric, a FleetLock server and a drain command are only named.
 */
export function gatesAhead(i: Instance, config: ClientConfig, policy: Policy, known: Known): string {
  if (i.next === null) return '';
  const { deployment } = i.next;
  const staged: Instance = { ...i, next: { at: 'staged', deployment, since: known.now } };
  const held = heldBackBy(staged, policy);
  const waits = [...(held === null ? [] : [awaited(held)]), ...ofGates(staged, config, known).flatMap(words)];
  const asked = serving(i) === null ? [] : namesOf(config);
  return [
    ...(waits.length === 0 ? [] : [`; it would wait for ${waits.join(', and for ')}`]),
    ...(asked.length === 0
      ? []
      : [`; ${waits.length === 0 ? 'before that' : 'then'} it would ask ${asked.join(', then ')}`]),
  ].join('');
}

/** What holds it back, as what has to come; which command that takes is told beside. */
const awaited = (held: string): string =>
  held
    .replace(/^held by a person$/, 'the end of a hold')
    .replace(/^the client was stopped by a person$/, 'a person to start the client')
    .replace(/^(the approval of a person): .*/, '$1');

const words = (verdict: Verdict): readonly string[] => (verdict.is === 'waits' ? [verdict.for] : []);

function ofGates(i: Instance, { gates }: ClientConfig, { head, record, now }: Known): readonly Verdict[] {
  const release = i.next?.deployment.release;
  if (release === undefined) return [];
  const chain = head === null ? [] : [conditionGate(gates, head)];
  const isHurried = release.terms?.urgent === true || (i.next !== null && isUrgent(i, i.next.deployment));
  if (serving(i) === null || isHurried) return chain;
  const at = { now, drift: 0 };
  const heard = heardAt(record, release.checksum, now);
  const { window, group } = gates.rollout;
  return [
    ...chain,
    windowGate(gates.windows, now),
    ageGate(gates.minAge, heard, at),
    rolloutGate({ window, group: group ?? machineName() }, release.checksum, heard, at),
  ];
}

function namesOf({ gates: { metrics, fleetLock, drain } }: ClientConfig): readonly string[] {
  return [
    ...metrics.map(({ name }) => `the metric ${name}`),
    ...(fleetLock === null ? [] : [`for a slot of the FleetLock group ${fleetLock.group}`]),
    ...(drain === null ? [] : ['the drain command']),
  ];
}
