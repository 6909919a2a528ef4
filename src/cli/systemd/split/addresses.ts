import { type Address, collide } from '../../../config/address.ts';
import { askedOf } from '../../../config/checks/asked.ts';
import { clientsOf } from '../../../config/checks/where.ts';
import type { Config } from '../../../config/settings.ts';

/** Where each of so many vaultvisors serves its page: the address of the file, and the ports above it at which nothing of this file is asked. */
export function addressesFor(config: Config, count: number): readonly string[] | null {
  const { http } = config;
  if (http === null) return null;
  const taken = clientsOf(config).flatMap((client) => askedOf(client).map(({ address }) => address));
  const chosen: Address[] = [];
  for (let port = http.port; chosen.length < count; port++) {
    const address = { host: http.host, port };
    if (port === 0) return Array.from({ length: count }, () => written(address));
    if (!taken.some((one) => collide(one, address))) chosen.push(address);
  }
  return chosen.map(written);
}

const written = ({ host, port }: Address): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
