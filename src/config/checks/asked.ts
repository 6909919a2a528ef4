import { type Address, addressOfUrl } from '../address.ts';
import type { Path } from '../problem.ts';
import type { ClientConfig, Probe } from '../settings.ts';
import { type PlacedProbe, probesOf } from './probes-of.ts';
import { settingPath } from './where.ts';

/** An address at which we ask a client, and where the file says so. */
export interface Asked {
  readonly path: Path;
  readonly address: Address;
}

/** Every address of a client's own that we ask. */
export function askedOf(client: ClientConfig): readonly Asked[] {
  const hours = client.alarms.hoursToRedeem;
  const alarms =
    hours === null
      ? []
      : [{ path: settingPath(client, 'alarms', 'hoursToRedeem', 'metric'), address: addressOfUrl(hours.url) }];
  const gates = client.gates.metrics.map(({ url }, index) => ({
    path: settingPath(client, 'gates', 'metrics', index, 'url'),
    address: addressOfUrl(url),
  }));
  return [...probesOf(client).flatMap(probed), ...alarms, ...gates];
}

function probed({ probe, path }: PlacedProbe): readonly Asked[] {
  const address = probeAddress(probe);
  return address === null ? [] : [{ path: [...path, probe.kind], address }];
}

function probeAddress(probe: Probe): Address | null {
  switch (probe.kind) {
    case 'http':
    case 'metric':
      return addressOfUrl(probe.url);
    case 'tcp':
      return { host: probe.host, port: probe.port };
    case 'command':
    case 'log':
      return null;
  }
}
