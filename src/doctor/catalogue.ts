import { above } from './access/above.ts';
import { argsFile } from './access/args-file.ts';
import { home } from './access/home.ts';
import { keyMode, keyReadable } from './access/keys.ts';
import { locks } from './access/locks.ts';
import { owner } from './access/owner.ts';
import { rootUser } from './access/root-user.ts';
import { secretFiles } from './access/secret-files.ts';
import { identity } from './args/identity.ts';
import { inForce } from './args/in-force.ts';
import { mounted } from './args/mounted.ts';
import { valid } from './args/valid.ts';
import { windows } from './args/windows.ts';
import type { Group } from './check.ts';
import { backups } from './disk/backups.ts';
import { dataPlace, shares } from './disk/data.ts';
import { executable } from './disk/executable.ts';
import { lasting } from './disk/lasting.ts';
import { fileSystem, flock } from './disk/locks.ts';
import { inodes, space } from './disk/space.ts';
import { writable } from './disk/writable.ts';
import { clockSet } from './machine/clock-set.ts';
import { memory } from './machine/memory.ts';
import { node } from './machine/node.ts';
import { ntp } from './machine/ntp.ts';
import { openFiles } from './machine/open-files.ts';
import { processesSeen } from './machine/processes-seen.ts';
import { chainClock, finality, genesis, latency, reachable, spare } from './network/endpoints.ts';
import { programs, store } from './release/checksums.ts';
import { fits } from './release/fits.ts';
import { urls } from './release/urls.ts';
import { agents } from './running/agents.ts';
import { clients } from './running/clients.ts';
import { daemon, daemonVersion } from './running/daemon.ts';
import { orphans } from './running/orphans.ts';
import { ports } from './running/ports.ts';
import { leftovers, stateReadable } from './running/state.ts';
import { strangers } from './running/strangers.ts';
import { tini } from './running/tini.ts';
import {
  enabled,
  exitStatuses,
  killMode,
  oomPolicy,
  paths,
  reload,
  restart,
  sandbox,
  startLimit,
  stopTimeout,
} from './systemd/settings.ts';

/** All checks, grouped as an operator thinks. docs/doctor.md tells of each. */
export const groups: readonly Group[] = [
  { name: 'args file', checks: [valid, inForce, mounted, identity, windows] },
  {
    name: 'what runs',
    checks: [daemon, daemonVersion, clients, agents, orphans, strangers, ports, tini, stateReadable, leftovers],
  },
  { name: 'releases', checks: [store, programs, fits, urls] },
  { name: 'chains', checks: [reachable, latency, finality, chainClock, genesis, spare] },
  { name: 'permissions', checks: [home, argsFile, keyMode, keyReadable, secretFiles, above, owner, locks, rootUser] },
  {
    name: 'disks',
    checks: [space, inodes, writable, executable, fileSystem, flock, lasting, dataPlace, shares, backups],
  },
  { name: 'machine', checks: [node, ntp, clockSet, memory, openFiles, processesSeen] },
  {
    name: 'systemd',
    checks: [killMode, stopTimeout, restart, startLimit, exitStatuses, oomPolicy, enabled, reload, sandbox, paths],
  },
];
