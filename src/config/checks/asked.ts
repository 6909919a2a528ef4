import { type Address, addressOfUrl } from '../address.ts';
import type { Path } from '../problem.ts';
import type { ClientConfig, Probe } from '../settings.ts';
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
  return [...client.probes.flatMap((probe, index) => probed(client, probe, index)), ...alarms, ...gates];
}

function probed(client: ClientConfig, probe: Probe, index: number): readonly Asked[] {
  const address = probeAddress(probe);
  return address === null ? [] : [{ path: settingPath(client, 'health', 'probes', index, probe.kind), address }];
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
