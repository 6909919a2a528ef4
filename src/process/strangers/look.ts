import { openKeyFiles } from './key-files.ts';
import { seePidFiles } from './see-pid-files.ts';
import { seeProcesses } from './see-processes.ts';
import { seeUnits } from './see-units.ts';
import { type Stranger, strangersIn } from './strangers.ts';
import { hasTraces, type Traces } from './traces.ts';

/** How far to look (scope.ts). */
export interface Scope {
  /** Only at processes that were started since then (Process.start); `null`: at all of them. */
  readonly since: number | null;
  /** At the units of systemd too. */
  readonly units: boolean;
}

export interface Look {
  readonly strangers: readonly Stranger[];
  /** What could not be seen, in words: of other users, mostly. */
  readonly unseen: readonly string[];
}

/**
 * Looks for a client of this account that vaultvisor did not start: a process with its key file, key name or account in its arguments, the living
 * writer of its pid file, a unit of systemd with such a command line that is active or enabled.
 * Called when every lock of the client is ours. What a vaultvisor started for another client is none: its own locks answer for it.
 * @param identity the client's lockName
 */
export async function lookForStrangers(traces: Traces, scope: Scope, identity: string): Promise<Look> {
  if (!hasTraces(traces)) return { strangers: [], unseen: [] };
  const keyFiles = await openKeyFiles(traces.keyFiles);
  const [seen, listed] = await Promise.all([
    seeProcesses(traces, keyFiles, { identity, since: scope.since }),
    scope.units ? seeUnits(keyFiles) : { units: [], unseen: [] },
  ]);
  const pidFiles = await seePidFiles(traces, seen.seeOne);
  return {
    strangers: strangersIn({ processes: seen.processes, units: listed.units, pidFiles }, traces),
    unseen: [...seen.unseen, ...listed.unseen],
  };
}
