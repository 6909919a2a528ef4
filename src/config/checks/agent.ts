import type { Finding, Path } from '../problem.ts';
import type { ClientConfig, Config } from '../settings.ts';
import { socketFault } from '../socket-path.ts';
import { clashes } from './clashes.ts';
import { clientsOf, nameOf, settingPath } from './where.ts';

/** What a daemon does in its own container would be done in the wrong one where an agent runs the client. */
export function checkAgents(config: Config): readonly Finding[] {
  const withAgent = clientsOf(config).filter(({ agent }) => agent !== null);
  return [
    ...withAgent.flatMap(wrongWith),
    ...clashes(
      withAgent.map((client) => ({
        client,
        key: client.agent?.socket ?? '',
        finding: (other) => ({
          path: settingPath(client, 'agent', 'socket'),
          message: `must not be the agent of ${nameOf(other)}: an agent runs one client; give each its own`,
        }),
      })),
    ),
  ];
}

function wrongWith(client: ClientConfig): readonly Finding[] {
  const elsewhere = 'with an agent: the daemon would do it in its own container, which is not that of the client';
  const command = client.probes.findIndex(({ kind }) => kind === 'command');
  const fault = socketFault(client.agent?.socket ?? '');
  const rules: readonly (readonly [boolean, Path, string])[] = [
    [fault !== null, ['agent', 'socket'], `${fault}`],
    [
      client.data !== null,
      ['data', 'dir'],
      `must not be said ${elsewhere}; data are migrated where vaultvisor runs the client itself`,
    ],
    [client.preflight !== null, ['preflight'], `must not be said ${elsewhere}`],
    [
      client.compatibility !== null,
      ['release', 'compatibility'],
      `must not be said ${elsewhere}; let its publisher name the spec versions`,
    ],
    [
      command >= 0,
      ['health', 'probes', command],
      `must not be a command ${elsewhere}; ask it over the network that both share`,
    ],
    [
      client.parentDeath !== null,
      ['parentDeath'],
      'must not be said with an agent: when its container ends, the kernel ends the client with it',
    ],
    [
      client.orphans !== 'terminate',
      ['orphans'],
      'must not be said with an agent: what it runs is its own child, and is always taken over where it is what is wanted',
    ],
  ];
  return rules.flatMap(([isWrong, path, message]) =>
    isWrong ? [{ path: settingPath(client, ...path), message }] : [],
  );
}
