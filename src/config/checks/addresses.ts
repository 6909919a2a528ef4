import { collide } from '../address.ts';
import type { Finding } from '../problem.ts';
import type { ClientConfig, Config } from '../settings.ts';
import { type Asked, askedOf } from './asked.ts';
import { clientsOf, nameOf } from './where.ts';

interface Claim extends Asked {
  readonly client: ClientConfig;
}

/** Two clients cannot listen at one address: the probe of the second would be answered by the first. */
export function checkAddresses(config: Config): readonly Finding[] {
  const claims = clientsOf(config).flatMap((client) => askedOf(client).map((asked) => ({ client, ...asked })));
  return claims.flatMap((one, index) => [...withOurs(config, one), ...withOthers(one, claims.slice(0, index))]);
}

function withOurs({ http }: Config, { path, address }: Claim): readonly Finding[] {
  if (http === null || !collide(http, address)) return [];
  return [{ path, message: 'must be an address of the client: at this one vaultvisor itself listens (http.listen)' }];
}

function withOthers({ client, path, address }: Claim, earlier: readonly Claim[]): readonly Finding[] {
  const other = earlier.find((one) => one.client !== client && collide(one.address, address));
  if (other === undefined) return [];
  return [{ path, message: `must be this client's own address: ${nameOf(other.client)} is asked at the same one` }];
}
