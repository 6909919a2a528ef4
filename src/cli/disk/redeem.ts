import type { ClientConfig } from '../../config/settings.ts';
import type { RedeemStatus } from '../../core/instance-status.ts';
import { leftOf } from '../../daemon/redeem/hours.ts';
import { redeemStatus } from '../../daemon/redeem/redeem-status.ts';
import type { InstanceFolder } from '../../layout.ts';
import { loadKnown } from '../../store/state-redeem.ts';

/** Without a daemon nobody asks the client's page: what was read last counts down. `null`: nothing is known, or nothing was asked for. */
export async function redeemOnDisk(
  { alarms: { hoursToRedeem } }: ClientConfig,
  folder: InstanceFolder,
  isUp: boolean,
): Promise<RedeemStatus | null> {
  const known = hoursToRedeem === null ? null : await loadKnown(folder.redeemRecord);
  if (known === null) return null;
  const isCritical = !isUp && leftOf(known, Date.now()) < (hoursToRedeem?.below ?? 0);
  return redeemStatus(known, isCritical, { now: Date.now, drift: () => 0 });
}
