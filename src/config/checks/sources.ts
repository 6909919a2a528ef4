import { accepted } from '../accepted.ts';
import { parseDuration } from '../duration.ts';
import type { Entry } from '../inherit.ts';
import type { Finding } from '../problem.ts';
import { settingPath } from './where.ts';

/** Every client needs a source, and what is read on chain needs a chain to read. */
export function checkSources(entries: readonly Entry[]): readonly Finding[] {
  return [...entries.flatMap(unguarded), ...sourceless(entries)];
}

/** That nobody looks must not be found out on the day of the second copy. */
function unguarded({ network, client, endpoints, whole: { account, guard } }: Entry): readonly Finding[] {
  if (account === undefined || endpoints.length > 0 || accepted(parseDuration(guard.watch), guard.watch) === 0)
    return [];
  const message =
    'needs a node to be watched at, and this network has no "endpoints": name one, or write "guard": {"watch": "0s"}, and a copy on another machine is not noticed';
  return [{ path: settingPath({ network, client }, 'account'), message }];
}

function sourceless(entries: readonly Entry[]): readonly Finding[] {
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
