import { isDeepStrictEqual } from 'node:util';
import { clientFacts, deploymentPaths, type Fact, fact, sourceText } from './client-facts.ts';
import { notifyText } from './notify-text.ts';
import type { ClientConfig, Config, NetworkConfig } from './settings.ts';

/**
 * What another args file changes, a line each, for the person who applies it; empty: nothing.
 * Secrets in arguments, environment and URLs are not in it.
 */
export function describeChanges(before: Config | null, after: Config): readonly string[] {
  const here = { clients: clientsOf(after), networks: networksOf(after), file: fileFacts(after) };
  const there = before && { clients: clientsOf(before), networks: networksOf(before), file: fileFacts(before) };
  return [
    ...(there === null ? [] : differences('', there.file, here.file)),
    ...[...here.networks].flatMap(([name, facts]) => networkLines(name, there?.networks.get(name), facts)),
    ...[...here.clients].flatMap(([name, client]) => clientLines(name, there?.clients.get(name), client)),
    ...[...(there?.clients.keys() ?? [])].filter((name) => !here.clients.has(name)).map((name) => `${name}: removed`),
  ];
}

const clientsOf = ({ networks }: Config): ReadonlyMap<string, ClientConfig> =>
  new Map(networks.flatMap(({ clients }) => clients.map((client) => [`${client.network}/${client.client}`, client])));

const networksOf = ({ networks }: Config): ReadonlyMap<string, readonly Fact[]> =>
  new Map(networks.map((network) => [network.name, networkFacts(network)]));

const networkFacts = ({ endpoints, genesis }: NetworkConfig): readonly Fact[] => [
  fact('endpoints', endpoints),
  fact('genesis', genesis),
];

const fileFacts = ({
  home,
  lockDir,
  allowInsecure,
  maxUpdating,
  maxStarting,
  http,
  control,
  notify,
}: Config): readonly Fact[] => [
  fact('home', home),
  fact('lockDir', lockDir),
  fact('allowInsecure', allowInsecure),
  fact('maxUpdating', maxUpdating),
  fact('maxStarting', maxStarting),
  fact('http.listen', http === null ? null : `${http.host}:${http.port}`),
  fact('http.hosts', http?.hosts ?? []),
  fact('control.group', control.group),
  fact('notify', notify, notifyText(notify)),
];

/** A new network has nothing to tell beside its clients. */
const networkLines = (name: string, before: readonly Fact[] | undefined, after: readonly Fact[]): readonly string[] =>
  before === undefined ? [] : differences(`${name}: `, before, after);

function clientLines(name: string, before: ClientConfig | undefined, after: ClientConfig): readonly string[] {
  if (before === undefined) return [`${name}: added, releases from ${sourceText(after.source)}`];
  return differences(`${name}: `, clientFacts(before), clientFacts(after));
}

function differences(lead: string, before: readonly Fact[], after: readonly Fact[]): readonly string[] {
  return after.flatMap((now) => {
    const then = before.find(({ path }) => path === now.path);
    if (then === undefined || isDeepStrictEqual(then.value, now.value)) return [];
    return [`${lead}${now.path} ${change(then, now)}`];
  });
}

function change(then: Fact, now: Fact): string {
  if (deploymentPaths.has(now.path)) return 'changed: a new deployment';
  return then.text === now.text ? 'changed in what is not printed here' : `${then.text} → ${now.text}`;
}
