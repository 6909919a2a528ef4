import { join } from 'node:path';
import type { Order, Laid as SaidLaid } from '../../agent/protocol.ts';
import { configFor } from '../../config/config-for.ts';
import type { ClientConfig } from '../../config/settings.ts';
import type { Deployment } from '../../core/deployment.ts';
import type { Laid } from '../../install/laid.ts';
import type { Cell } from '../instance/cell.ts';

/** Of what lies on disk, what an agent needs to know. */
export type Executed = Pick<Laid, 'id' | 'program' | 'sha256' | 'start'>;

/** What an agent is told of what it starts. */
export const startWords = ({ start: { args, env } }: Executed) => ({ args: [...args], env: { ...env } });

/** What an agent is told of a program. */
export const laidWords = ({ id, program, sha256 }: Executed, cell: Cell): SaidLaid => {
  const { network, client } = cell.config();
  return { network, client, home: cell.services.home.root, deployment: id, program, sha256 };
};

/** What an agent is told to run. Of an account that is known it looks for strangers, as a daemon does on its own machine. */
export function orderOf(id: string, of: Deployment, laid: Executed, texts: readonly string[], cell: Cell): Order {
  const config = cell.config();
  const { keyFiles, keyName, pidFiles, policy, texts: traces, except } = config.strangers;
  return {
    type: 'run',
    id,
    ...laidWords(laid, cell),
    genesis: cell.genesis(),
    ...startWords(laid),
    cwd: of.cwd,
    texts: [...texts],
    identity: config.identity,
    exclusive: [...config.exclusive],
    strangers: {
      policy,
      keyFiles: [...keyFiles],
      keyName,
      pidFiles: [...pidFiles],
      texts: [...traces],
      except: [...except],
      account: config.account?.id ?? null,
    },
    stop: stopOf(config, of),
  };
}

/** Its bytes are lost: an agent that runs it goes on, and one that does not finds nothing to run. */
export const lostOf = (of: Deployment, cell: Cell): Executed => ({
  id: of.id,
  program: join(cell.folder.deployment(of.id).root, 'lost'),
  sha256: '0'.repeat(64),
  start: of,
});

/** As the file says it now. */
export function stopOf(config: ClientConfig, of: Deployment | null): Order['stop'] {
  const { signal, grace } = configFor(config, of?.release ?? null).stop;
  return { signal, grace };
}

/** `stop` of whatever runs. */
export const stopWords = (of: Deployment | null, cell: Cell) => {
  const { network, client } = cell.config();
  return { type: 'stop', stop: stopOf(cell.config(), of), network, client, home: cell.services.home.root } as const;
};
