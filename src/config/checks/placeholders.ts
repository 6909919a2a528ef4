import type { Entry } from '../inherit.ts';
import { reserved, uses } from '../placeholders.ts';
import type { Finding, Path } from '../problem.ts';
import { settingPath } from './where.ts';

/** A placeholder without a value would reach the client as it stands, and be taken for a file or a host. */
export function checkPlaceholders(entries: readonly Entry[]): readonly Finding[] {
  return entries.flatMap((entry) => {
    const args = entry.whole.args.map((text, index) => [['args', index], text] as const);
    const env = Object.entries(entry.whole.env).map(([name, text]) => [['env', name], text] as const);
    return [...args, ...env].flatMap(([path, text]) => faultsOf(entry, settingPath(entry, ...path), text));
  });
}

function faultsOf(entry: Entry, path: Path, text: string): readonly Finding[] {
  const { release, start } = entry.whole;
  const rules: readonly [boolean, string][] = [
    [reserved(text), 'must not hold {secret:…}: it is reserved for a later version; name a file instead'],
    [
      uses(text, 'endpoint') && entry.endpoints.length === 0,
      'must not hold {endpoint}: this network names no endpoints',
    ],
    [
      uses(text, 'version') && release?.source === 'clients-info',
      'must not hold {version}: a release of clients-info has none',
    ],
    [
      uses(text, 'version') && start.initial !== undefined,
      'must not hold {version}: the first deployment, start.initial, has none',
    ],
  ];
  return rules.flatMap(([broken, message]) => (broken ? [{ path, message }] : []));
}
