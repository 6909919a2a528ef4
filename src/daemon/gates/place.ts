import type { Deployment } from '../../core/deployment.ts';
import { serving } from '../../core/occupancy.ts';
import type { Place } from '../../probe/kinds/command.ts';
import { ownEnvironment } from '../../process/start/environment.ts';
import type { Cell } from '../instance/cell.ts';

type Told = Pick<Cell, 'value' | 'config' | 'child'>;

/**
 * How a command of the gates is run: where and as the client is, and told whose update it is about.
 * @param to what would take its place; `null`: nothing any more
 */
export function placeOf(cell: Told, to: Deployment | null): Place {
  const { network, client, settings } = cell.config();
  const { cwd, env } = serving(cell.value())?.deployment ?? settings;
  const child = cell.child.get();
  return {
    cwd,
    env: {
      ...ownEnvironment(process.env, env),
      VAULTVISOR_NETWORK: network,
      VAULTVISOR_CLIENT: client,
      ...(child && { VAULTVISOR_PID: String(child.pid) }),
      ...(to && { VAULTVISOR_CHECKSUM: to.release.checksum }),
      ...(to?.release.version && { VAULTVISOR_VERSION: to.release.version }),
    },
  };
}
