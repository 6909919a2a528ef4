import type { Path } from '../problem.ts';
import type { ClientConfig, Probe } from '../settings.ts';
import { settingPath } from './where.ts';

export interface PlacedProbe {
  readonly probe: Probe;
  readonly path: Path;
}

/** Every probe of a client with its place in the file, those of its rules for some versions too. */
export function probesOf(client: ClientConfig): readonly PlacedProbe[] {
  const own = client.probes.map((probe, index) => ({ probe, path: settingPath(client, 'health', 'probes', index) }));
  const ofRules = client.when.flatMap(({ probes }, rule) =>
    // what the rule does not say is the client's
    probes
      .filter((probe) => !client.probes.some((one) => JSON.stringify(one) === JSON.stringify(probe)))
      .map((probe) => ({
        probe,
        path: settingPath(client, 'when', rule, 'health', 'probes', probes.indexOf(probe)),
      })),
  );
  return [...own, ...ofRules];
}
