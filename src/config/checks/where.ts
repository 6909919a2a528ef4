import type { Path } from '../problem.ts';
import type { ClientConfig, Config } from '../settings.ts';

interface Named {
  readonly network: string;
  readonly client: string;
}

export const settingPath = ({ network, client }: Named, ...setting: Path): Path => [
  'networks',
  network,
  'clients',
  client,
  ...setting,
];

export const nameOf = ({ network, client }: Named): string => `${network}/${client}`;

export const clientsOf = (config: Config): readonly ClientConfig[] => config.networks.flatMap(({ clients }) => clients);
