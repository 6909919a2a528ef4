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
    return [...textsOf(whole, []), ...rules].flatMap(([path, text, isKey]) =>
      faultsOf(entry, settingPath(entry, ...path), text, isKey),
    );
  });
}

interface Started {
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
}

function textsOf({ args = [], env = {} }: Started, lead: Path): readonly (readonly [Path, string, boolean])[] {
  return [
    ...args.map((text, index) => [[...lead, 'args', index], text, namesKey(text, args[index - 1])] as const),
    ...Object.entries(env).map(([name, text]) => [[...lead, 'env', name], text, false] as const),
  ];
}

const keyFlag = /^--key(file|name)(=|$)/;

/** By which a client is known: config/identity.ts. */
const namesKey = (text: string, before = ''): boolean =>
  keyFlag.test(text) || (keyFlag.test(before) && !before.includes('='));

function faultsOf(entry: Entry, path: Path, text: string, isKey: boolean): readonly Finding[] {
  const { release, start } = entry.whole;
  const rules: readonly [boolean, string][] = [
    [
      !isSoundSecret(text),
      'must hold secrets as {secret:file:/absolute/path} or {secret:env:NAME}: a file or a variable of whoever starts the client, its agent or vaultvisor',
    ],
    [
      holdsSecret(text) && isKey,
      'must not hold {secret:…}: which key it is says who the client is, and is compared with others; the key itself lies in its own file',
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
