import { isSoundSecret } from '../../secrets.ts';
import type { Entry } from '../inherit.ts';
import { holdsSecret, uses } from '../placeholders.ts';
import type { Finding, Path } from '../problem.ts';
import { settingPath } from './where.ts';

/** A placeholder without a value would reach the client as it stands, and be taken for a file or a host. */
export function checkPlaceholders(entries: readonly Entry[]): readonly Finding[] {
  return entries.flatMap((entry) => {
    const { whole } = entry;
    const rules = whole.when.flatMap((rule, index) => textsOf(rule, ['when', index]));
    return [...textsOf(whole, []), ...rules].flatMap(([path, text]) =>
      faultsOf(entry, settingPath(entry, ...path), text),
    );
  });
}

interface Started {
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

function textsOf({ args = [], env = {} }: Started, lead: Path): readonly (readonly [Path, string])[] {
  return [
    ...args.map((text, index) => [[...lead, 'args', index], text] as const),
    ...Object.entries(env).map(([name, text]) => [[...lead, 'env', name], text] as const),
  ];
}

function faultsOf(entry: Entry, path: Path, text: string): readonly Finding[] {
  const { release, start, agent } = entry.whole;
  const rules: readonly [boolean, string][] = [
    [
      holdsSecret(text) && agent === undefined,
      'must not hold {secret:…}: only an agent puts secrets in ("agent" of the client); name a file instead',
    ],
    [
      agent !== undefined && !isSoundSecret(text),
      'must hold secrets as {secret:file:/run/secrets/key} or {secret:env:NAME}: a file or a variable of the container of the agent',
    ],
    [
      uses(text, 'endpoint') && entry.endpoints.length === 0,
      'must not hold {endpoint}: this network names no endpoints',
    ],
    [
      uses(text, 'version') && release?.source === 'clients-info',
      'must not hold {version}: a release of clients-info need not have one',
    ],
    [
      uses(text, 'version') && start.initial !== undefined,
      'must not hold {version}: the first deployment, start.initial, has none',
    ],
  ];
  return rules.flatMap(([broken, message]) => (broken ? [{ path, message }] : []));
}
