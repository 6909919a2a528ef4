import { type Address, addressOfUrl } from '../address.ts';
import type { Probe } from '../settings.ts';

/** Where a probe asks; `null` where it asks no listener. */
export function probeAddress(probe: Probe): Address | null {
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

/** The key of the file that holds its address. */
export const probeKey = (probe: Probe): string => probe.kind;
