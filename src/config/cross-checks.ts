import { checkAddresses } from './checks/addresses.ts';
import { checkAgents } from './checks/agent.ts';
import { checkAlarms } from './checks/alarms.ts';
import { checkData } from './checks/data.ts';
import { checkExclusive } from './checks/exclusive.ts';
import { checkGates } from './checks/gates.ts';
import { checkIdentities } from './checks/identities.ts';
import { checkInsecure } from './checks/insecure.ts';
import { checkNotify } from './checks/notify.ts';
import { checkOrphans } from './checks/orphans.ts';
import { checkPlaceholders } from './checks/placeholders.ts';
import { checkSources } from './checks/sources.ts';
import { checkTimes } from './checks/times.ts';
import { checkUsers } from './checks/users.ts';
import { checkVersions } from './checks/versions.ts';
import type { Entry } from './inherit.ts';
import type { Finding } from './problem.ts';
import type { ArgsFile } from './schema.ts';
import type { Config } from './settings.ts';

/** What is wrong although every value by itself is well formed. */
export function crossChecks(config: Config, entries: readonly Entry[], file: ArgsFile): readonly Finding[] {
  return [
    ...checkSources(entries),
    ...checkPlaceholders(entries),
    ...checkAlarms(entries),
    ...checkUsers(entries),
    ...checkTimes(config),
    ...checkData(config),
    ...checkInsecure(config),
    ...checkIdentities(config),
    ...checkExclusive(config),
    ...checkOrphans(config),
    ...checkAgents(config),
    ...checkAddresses(config),
    ...checkGates(config),
    ...checkVersions(config),
    ...checkNotify(file.notify, config),
  ];
}
