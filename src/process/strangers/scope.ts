import type { Millis } from '../../core/release.ts';
import type { ChildRecord } from '../child-record.ts';
import { bootId } from '../machine.ts';
import type { Scope } from './look.ts';

/** A switch and most restarts of ours follow sooner; nobody brings another client up through systemd in that time. */
const SOON = 10_000;

/** What was started between the last look and the last spawn is looked at too. In clock ticks of 10 ms. */
const BEFORE = 200;

/**
 * How far to look before this spawn. Everything, where nothing of ours was there a moment ago: before the first spawn, after a reboot, after a stop. Else
 * only what was started since our last child: who was there before it was looked at then.
 * @param last the record of the last spawn
 * @param goneFor how long ago the last child left under our eyes; `null`: it was not seen to
 */
export function scopeOf(identity: string, last: ChildRecord | null, goneFor: Millis | null): Scope {
  const child = last?.identity === identity && last.child?.boot === bootId() ? last.child : null;
  const isSoon = child !== null && goneFor !== null && goneFor < SOON;
  return isSoon ? { since: child.start - BEFORE, units: false } : { since: null, units: true };
}
