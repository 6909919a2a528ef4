import type { Finding } from '../problem.ts';
import type { ClientConfig, Config, NetworkConfig } from '../settings.ts';
import { clientsOf, nameOf, settingPath } from './where.ts';

/** What only one client may have: two of one identity pay twice. */
export function checkShared(config: Config): readonly Finding[] {
  return [...identities(config), ...exclusives(clientsOf(config))];
}

interface Held {
  readonly client: ClientConfig;
  readonly key: string;
  readonly finding: (other: ClientConfig) => Finding;
}

/** One chain may be written under two names: its genesis tells. */
function identities(config: Config): readonly Finding[] {
  return clashes(
    config.networks.flatMap((network) =>
      network.clients.map((client) => ({
        client,
        key: JSON.stringify([scopeOf(network), client.identity.rule === 'home' ? nameOf(client) : client.identity]),
        finding: (other) => ({ path: identityPath(client), message: sameIdentity(other) }),
      })),
    ),
  );
}

const scopeOf = ({ name, genesis }: NetworkConfig): string => genesis ?? name;

const identityPath = (client: ClientConfig) =>
  settingPath(client, client.identity.rule === 'keyfile' ? 'args' : 'identity');

const sameIdentity = (other: ClientConfig): string =>
  `must not be the identity of ${nameOf(other)} too: two clients of one account pay twice; give each its own key, or remove one`;

function exclusives(clients: readonly ClientConfig[]): readonly Finding[] {
  return clashes(
    clients.flatMap((client) =>
      client.exclusive.map((key, index) => ({
        client,
        key,
        finding: (other) => ({
          path: settingPath(client, 'exclusive', index),
          message: `must not be held by ${nameOf(other)} too: what is exclusive has one client; give each its own, or remove one`,
        }),
      })),
    ),
  );
}

/** Each one that has what another had before it. */
function clashes(all: readonly Held[]): readonly Finding[] {
  return all.flatMap((one, index) => {
    const other = all.slice(0, index).find(({ client, key }) => client !== one.client && key === one.key);
    return other === undefined ? [] : [one.finding(other.client)];
  });
}
