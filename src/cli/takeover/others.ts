import type { ClientConfig } from '../../config/settings.ts';
import { tracesOf } from '../../daemon/instance/traces.ts';
import { lookForStrangers } from '../../process/strangers/look.ts';
import type { Stranger } from '../../process/strangers/strangers.ts';

/** Who runs this client now, or is started at boot, without any vaultvisor: seen by ourselves, as a daemon only looks when it is about to start it. */
export async function othersOf(config: ClientConfig): Promise<readonly Stranger[]> {
  const { strangers } = await lookForStrangers(tracesOf(config), { since: null, units: true }, 'nobody');
  return strangers;
}
