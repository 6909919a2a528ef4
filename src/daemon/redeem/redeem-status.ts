import type { RedeemStatus } from '../../core/instance-status.ts';
import type { Millis } from '../../core/release.ts';
import { criticalWords } from './alarm.ts';
import { type Known, leftOf, rounded } from './hours.ts';

/** What `status` says of it; people go by the wall's clock. */
export function redeemStatus(known: Known, critical: boolean, clock: { now(): Millis; drift(): Millis }): RedeemStatus {
  const now = clock.now();
  const deadline = new Date(known.at + known.hours * 3_600_000 + clock.drift()).toISOString();
  return {
    hours: rounded(leftOf(known, now)),
    deadline,
    readAt: new Date(known.at + clock.drift()).toISOString(),
    critical,
    reason: critical ? criticalWords(known, now) : null,
  };
}
