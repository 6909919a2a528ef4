import { type Address, collide } from '../address.ts';
import type { Finding, Path } from '../problem.ts';
import type { ClientConfig, Config } from '../settings.ts';
import { probeAddress, probeKey } from './probe-address.ts';
import { clientsOf, nameOf, settingPath } from './where.ts';

interface Asked {
  readonly client: ClientConfig;
  readonly path: Path;
  readonly address: Address;
}

/** Two clients cannot listen at one address: the probe of the second would be answered by the first. */
export function checkAddresses(config: Config): readonly Finding[] {
  const asked = clientsOf(config).flatMap(addressesOf);
  return asked.flatMap((one, index) => [...withOurs(config, one), ...withOthers(one, asked.slice(0, index))]);
}

function addressesOf(client: ClientConfig): readonly Asked[] {
  return client.probes.flatMap((probe, index) => {
    const address = probeAddress(probe);
    const path = settingPath(client, 'health', 'probes', index, probeKey(probe));
    return address === null ? [] : [{ client, path, address }];
  });
}

function withOurs({ http }: Config, { path, address }: Asked): readonly Finding[] {
  if (http === null || !collide(http, address)) return [];
  return [{ path, message: 'must be an address of the client: at this one vaultvisor itself listens (http.listen)' }];
}

function withOthers({ client, path, address }: Asked, earlier: readonly Asked[]): readonly Finding[] {
  const other = earlier.find((one) => one.client !== client && collide(one.address, address));
  if (other === undefined) return [];
  return [{ path, message: `must be this client's own address: ${nameOf(other.client)} is asked at the same one` }];
}
