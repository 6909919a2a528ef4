import { accepted } from './accepted.ts';
import { parseAddress } from './address.ts';
import { clientConfig } from './client-config.ts';
import type { NetworkEntry } from './inherit.ts';
import { notifyConfig } from './notify-config.ts';
import type { ArgsFile } from './schema.ts';
import type { Config } from './settings.ts';

/** The file's words as the program's values; what the schema has accepted cannot fail here. */
export function toConfig(file: ArgsFile, networks: readonly NetworkEntry[]): Config {
  return {
    home: file.home,
    lockDir: file.lockDir ?? null,
    allowInsecure: file.allowInsecure ?? false,
    maxUpdating: file.maxUpdating ?? 1,
    maxStarting: file.maxStarting ?? 2,
    http:
      file.http === undefined
        ? null
        : { ...accepted(parseAddress(file.http.listen), file.http.listen), hosts: file.http.hosts ?? [] },
    control: { group: file.control?.group ?? null },
    notify: notifyConfig(file.notify),
    networks: networks.map(({ name, file: network, entries }) => ({
      name,
      endpoints: network.endpoints ?? [],
      genesis: network.genesis?.toLowerCase() ?? null,
      clients: entries.flatMap((entry) => clientConfig(entry, file.home) ?? []),
    })),
  };
}
