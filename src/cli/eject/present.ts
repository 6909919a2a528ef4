import { readFileSync, statSync } from 'node:fs';
import { placedClients, placeOf } from '../../config/accepted-record.ts';
import { configFor } from '../../config/config-for.ts';
import type { InstanceStatus } from '../../core/instance-status.ts';
import { committed, occupant } from '../../core/occupancy.ts';
import { VisorError } from '../../errors.ts';
import { openLaid } from '../../install/laid.ts';
import type { Look } from '../../observe/look.ts';
import { putIn } from '../../put-in.ts';
import { loadState } from '../../store/state-record.ts';
import { nameOfUser } from '../../users.ts';
import { configInForce } from '../disk/in-force.ts';
import type { Located } from '../home.ts';
import { nameOf } from '../pick.ts';
import type { Plain } from './plain-unit.ts';

/** What runs, or would be started next: all that a unit without vaultvisor needs. */
export type Present = Omit<Plain, 'variables'>;

/** @throws VisorError `network` where there is no release here yet, `io` where it is damaged on disk */
export async function presentOf(status: InstanceStatus, located: Located, look: Look): Promise<Present> {
  const place = nameOf(status);
  const folder = located.home.instance(status.network, status.client);
  const loaded = await loadState(folder);
  const deployment = loaded.found === 'state' ? (committed(loaded.instance) ?? occupant(loaded.instance.slot)) : null;
  if (deployment === null)
    throw new VisorError(
      'network',
      `No release of ${place} is here yet`,
      'Nothing was changed. There is nothing to eject.',
    );
  const laid = await openLaid(folder, deployment, AbortSignal.timeout(600_000));
  if (laid === null)
    throw new VisorError(
      'io',
      `The program of ${place} is missing or damaged on disk`,
      'Nothing was changed. vaultvisor fetches it again when it next starts it.',
    );
  const config = configInForce(located);
  const placed = config && placedClients(config).find(({ client }) => placeOf(client) === place);
  const stopping = placed ? configFor(placed.client, deployment.release).stop : null;
  const pid = status.child?.pid ?? look.daemon.pid;
  const secrets = new Set<string>();
  const { args, env } = await putIn(laid.start, { secrets });
  return {
    place,
    program: laid.program,
    args,
    env,
    secrets: [...secrets],
    cwd: deployment.cwd,
    user: deployment.user?.name ?? (await nameOfUser(statSync(`/proc/${pid}`).uid)),
    signal: stopping?.signal ?? 'SIGINT',
    grace: stopping === null ? 60_000 : stopping.grace,
    openFiles: openFilesOf(pid),
  };
}

function openFilesOf(pid: number): number | null {
  const soft = /^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
  return soft === undefined ? null : Number(soft);
}
