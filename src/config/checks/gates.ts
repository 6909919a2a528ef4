import type { Finding } from '../problem.ts';
import type { ClientConfig, Config, NetworkConfig } from '../settings.ts';
import { settingPath } from './where.ts';

/** A condition on a chain that nobody reads would be waited for as long as the file says so. */
export function checkGates(config: Config): readonly Finding[] {
  return config.networks.flatMap((network) =>
    isRead(network) ? [] : network.clients.flatMap((client) => conditionsOf(client)),
  );
}

/** As the daemon decides which chains it reads. */
const isRead = ({ endpoints, clients }: NetworkConfig): boolean =>
  endpoints.length > 0 && clients.some(({ source, account }) => source.source !== 'manifest' || account !== null);

function conditionsOf(client: ClientConfig): readonly Finding[] {
  const { specVersion, block } = client.gates;
  const keys = [...(specVersion === null ? [] : ['specVersion']), ...(block === null ? [] : ['block'])];
  const message =
    'is a condition on a chain that nothing reads here: the network needs endpoints, and a client with an "account" or with releases on that chain';
  return keys.map((key) => ({ path: settingPath(client, 'gates', key), message }));
}
