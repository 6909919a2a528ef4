import type { InstanceStatus } from '../../core/instance-status.ts';
import { type Complaint, check, skipped, verdict } from '../check.ts';

/** What `status` says is not as it should be, in one line each. */
export const clients = check(
  'clients',
  ({ daemon, instances }) => (daemon === null ? null : instances),
  (seen) => {
    if (seen === null) return skipped('No daemon runs that could tell.');
    return verdict(
      seen.filter(({ ok }) => !ok).map(complaintOf),
      seen.length === 1 ? 'The client is as it should be.' : `All ${seen.length} clients are as they should be.`,
    );
  },
);

function complaintOf(status: InstanceStatus): Complaint {
  const { network, client, child } = status;
  const about = `${network}/${client}`;
  return {
    severity: child === null && !status.stopped ? 'error' : 'warning',
    about,
    sentence: `It is not as it should be: ${reasonOf(status)}.`,
    fix: `vaultvisor status ${about} tells more, and vaultvisor history ${about} how it came to be so.`,
  };
}

function reasonOf({ blocked, trouble, stopped, lastExit, quarantined, reason, phase }: InstanceStatus): string {
  if (stopped) return 'a person stopped it';
  const [barred] = quarantined;
  const why = blocked ?? lastExit ?? reason ?? trouble ?? barred?.reason;
  return (why ?? `it is ${phase}`).replace(/\.$/, '');
}
