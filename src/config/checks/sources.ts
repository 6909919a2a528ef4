import type { Entry } from '../inherit.ts';
import type { Finding } from '../problem.ts';
import { settingPath } from './where.ts';

/** Every client needs a source, and a source on chain needs a chain to read. */
export function checkSources(entries: readonly Entry[]): readonly Finding[] {
  return entries.flatMap(({ network, client, endpoints, whole: { release } }): Finding[] => {
    const path = settingPath({ network, client }, 'release');
    if (release === undefined)
      return [
        { path, message: 'is missing: it must say where releases are announced, such as {"source": "clients-info"}' },
      ];
    if (release.source === 'manifest' || endpoints.length > 0) return [];
    const message = `needs a node: source "${release.source}" reads the chain, and this network names none`;
    return [{ path: ['networks', network, 'endpoints'], message }];
  });
}
