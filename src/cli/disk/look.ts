import { born } from '../../core/born.ts';
import type { Instance } from '../../core/instance.ts';
import type { InstanceStatus } from '../../core/instance-status.ts';
import { statusOf } from '../../core/status.ts';
import { policyOf } from '../../daemon/instance/policy.ts';
import { VisorError } from '../../errors.ts';
import type { InstanceFolder } from '../../layout.ts';
import { loadState } from '../../store/state-record.ts';
import type { Located } from '../home.ts';
import { childAtAgent, childByLock } from './child.ts';
import { clientsOnDisk, type Known } from './in-force.ts';
import { redeemOnDisk } from './redeem.ts';

/** How each client is, as far as the disk and the locks tell. `trouble` says why nobody knows more. */
export async function statusFromDisk(located: Located, trouble: string): Promise<readonly InstanceStatus[]> {
  const known = await clientsOnDisk(located);
  const all = await Promise.all(known.map((one) => statusOfOne(one, located, trouble)));
  return all.filter((status, index) => !known[index]?.forgotten || status.child !== null);
}

async function statusOfOne(one: Known, { home }: Located, trouble: string): Promise<InstanceStatus> {
  const { network, client, config, configured } = one;
  const folder = home.instance(network, client);
  const { instance, blocked } = await readState(folder, one);
  const child = (await childByLock(folder)) ?? (await childAtAgent(folder));
  const live = {
    child,
    configured,
    chain: null,
    blocked,
    strangers: [],
    trouble,
    failing: null,
    guard: null,
    redeem: await redeemOnDisk(config, folder, child !== null),
    gate: null,
    progress: null,
  };
  return statusOf(network, client, instance, policyOf(config), live);
}

/** A state that cannot be read is told of its client; the others are shown all the same. */
async function readState(
  folder: InstanceFolder,
  { config }: Known,
): Promise<{ instance: Instance; blocked: string | null }> {
  const nothing = born(config.settings, null);
  try {
    const loaded = await loadState(folder);
    return { instance: loaded.found === 'state' ? loaded.instance : nothing, blocked: null };
  } catch (error) {
    if (!(error instanceof VisorError) || error.code !== 'config') throw error;
    return { instance: nothing, blocked: `${error.message}. ${error.next}` };
  }
}
