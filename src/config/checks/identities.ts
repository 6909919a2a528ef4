import type { Finding } from '../problem.ts';
import type { ClientConfig, Config, NetworkConfig } from '../settings.ts';
import { clashes, type Held } from './clashes.ts';
import { nameOf, settingPath } from './where.ts';

/** Two of one identity on one chain pay twice. This sees what the file says; copies of a key file show only when read. */
export function checkIdentities(config: Config): readonly Finding[] {
  return [...clashes(accountsOf(config)), ...byRule(config)];
}

/** What the one signs would be taken for a copy of the other. */
const accountsOf = ({ networks }: Config): readonly Held[] =>
  networks.flatMap(({ name, genesis, clients }) =>
    clients.flatMap((client) => {
      if (client.account === null) return [];
      const key = JSON.stringify([genesis ?? name, client.account.id]);
      const finding: Held['finding'] = (other) => ({
        path: settingPath(client, 'account'),
        message: `must not be the account of ${nameOf(other)}: two clients of one account pay twice; give each its own, or remove one`,
      });
      return [{ client, key, finding }];
    }),
  );

function byRule(config: Config): readonly Finding[] {
  return clashes(
    config.networks.flatMap((network) =>
      network.clients.flatMap((client) =>
        client.identity.rule === 'home' ? [] : [heldIdentity(network, client, JSON.stringify(client.identity))],
      ),
    ),
  );
}

/** One chain may be written under two names: its genesis tells. */
export function heldIdentity({ name, genesis }: NetworkConfig, client: ClientConfig, identity: string): Held {
  return {
    client,
    key: JSON.stringify([genesis ?? name, identity]),
    finding: (other) => ({
      path: settingPath(client, client.identity.rule === 'keyfile' ? 'args' : 'identity'),
      message: `must not have the identity of ${nameOf(other)}: two clients of one account pay twice; give each its own key, or remove one`,
    }),
  };
}
