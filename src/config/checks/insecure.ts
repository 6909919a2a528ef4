import { addressOfUrl, isLoopback } from '../address.ts';
import type { Finding, Path } from '../problem.ts';
import type { ClientConfig, Config, NetworkConfig } from '../settings.ts';
import { askedOf } from './asked.ts';
import { clientsOf, settingPath } from './where.ts';

const unless = 'or set "allowInsecure": true at the top of the file';

/** Whoever sits between could name other bytes, or hide a release. On this machine nobody does. */
export function checkInsecure(config: Config): readonly Finding[] {
  if (config.allowInsecure) return [];
  return [...listener(config), ...config.networks.flatMap(endpoints), ...clientsOf(config).flatMap(ofClient)];
}

function listener({ http }: Config): readonly Finding[] {
  if (http === null || isLoopback(http.host)) return [];
  const message = `must listen on this machine only, such as "127.0.0.1:${http.port}": it has no password; ${unless}`;
  return [{ path: ['http', 'listen'], message }];
}

function endpoints({ name, endpoints: urls }: NetworkConfig): readonly Finding[] {
  return urls.flatMap((url, index) => plainUrl(['networks', name, 'endpoints', index], url, 'wss:'));
}

function ofClient(client: ClientConfig): readonly Finding[] {
  const { source, download } = client;
  const url =
    source.source === 'clients-info' ? [] : plainUrl(settingPath(client, 'release', 'url'), source.url, 'https:');
  const migrations =
    source.source === 'vault-registry' && source.migrations !== null
      ? plainUrl(settingPath(client, 'release', 'migrations'), source.migrations, 'https:')
      : [];
  const mirrors = download.mirrors.flatMap((mirror, index) =>
    plainUrl(settingPath(client, 'download', 'mirrors', index), mirror, 'https:'),
  );
  const { fleetLock } = client.gates;
  const lock =
    fleetLock === null ? [] : plainUrl(settingPath(client, 'gates', 'fleetLock', 'url'), fleetLock.url, 'https:');
  return [...url, ...migrations, ...mirrors, ...lock, ...probes(client)];
}

/** Braces are taken for letters here: they may stand in a host too. */
function plainUrl(path: Path, url: string, better: string): readonly Finding[] {
  if (!/^(http|ws):/i.test(url)) return [];
  if (isLoopback(addressOfUrl(url.replace(/[{}]/g, 'x')).host)) return [];
  return [{ path, message: `must not go unencrypted beyond this machine: use ${better}, ${unless}` }];
}

/** A probe counts only if our own child answers it, so another machine never can. */
function probes(client: ClientConfig): readonly Finding[] {
  return askedOf(client).flatMap(({ path, address }) => {
    if (isLoopback(address.host)) return [];
    const message = `must ask this machine, such as 127.0.0.1: a probe counts only if our client answers it; ${unless} where it listens on an outer address`;
    return [{ path, message }];
  });
}
