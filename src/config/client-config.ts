import { join, resolve } from 'node:path';
import type { Settings } from '../core/deployment.ts';
import type { Millis } from '../core/release.ts';
import { parseChecksum } from '../core/release.ts';
import { homeAt } from '../layout.ts';
import { accepted } from './accepted.ts';
import { parseByteCount } from './byte-count.ts';
import { defaultBelow, defaultInterval, defaultVerifyTimeout } from './client-defaults.ts';
import { parseDuration } from './duration.ts';
import { gatesConfig } from './gates.ts';
import { identityRule } from './identity.ts';
import { type Entry, joined, type WholeClient } from './inherit.ts';
import { fitPairs } from './pairs.ts';
import { fillIn, fillInData } from './placeholders.ts';
import { probeConfig } from './probe-config.ts';
import { parseRate } from './rate.ts';
import type { ClientFile } from './schema.ts';
import type { ClientConfig, DataConfig, SourceConfig, StrangersConfig, VersionRule } from './settings.ts';
import { parseSs58 } from './ss58.ts';

/** One client as the daemon knows it; `null` while nothing says where its releases come from. */
export function clientConfig(entry: Entry, home: string): ClientConfig | null {
  const { network, client, whole } = entry;
  const source = sourceOf(entry);
  if (source === null) return null;
  const settings = settingsOf(entry, home);
  return {
    network,
    client,
    source,
    compatibility: compatibilityOf(entry),
    settings,
    files: Object.fromEntries(Object.entries(whole.files).map(([name, path]) => [name, filled(path, entry, home)])),
    when: whole.when.map((rule) => versionRule(whole, rule)),
    initial: whole.start.initial ?? null,
    identity: identityRule(whole.identity, settings.args, settings.cwd),
    account: accountOf(whole.account),
    guard: { watch: millis(whole.guard.watch) },
    strangers: strangersOf(entry, settings, home),
    exclusive: whole.exclusive,
    allowDowngrade: whole.allowDowngrade,
    keep: whole.keep,
    preflight: whole.preflight ?? null,
    restartOn: whole.restartOn,
    alarms: alarmsOf(whole),
    migrateArguments: { timeout: millis(whole.migrateArguments.timeout) },
    verify: verifyRule(whole.verify),
    orphans: whole.orphans,
    parentDeath: whole.parentDeath ?? null,
    agent: whole.agent === undefined ? null : { socket: filled(whole.agent.socket, entry, home) },
    gates: gatesConfig(whole),
    ...processRules(whole),
    ...healthRules(whole),
    ...releaseRules(whole),
    data: dataOf(entry, home),
  };
}

/** The key file that its arguments name counts whatever its identity is: a client that is started by hand is given the same. */
function strangersOf(entry: Entry, { args, cwd }: Settings, home: string): StrangersConfig {
  const { policy, pidFiles, texts, except } = entry.whole.strangers;
  const rules = [identityRule(undefined, args, cwd), identityRule(entry.whole.identity, args, cwd)];
  const paths = rules.flatMap((rule) => ('path' in rule && rule.path !== null ? [rule.path] : []));
  return {
    policy,
    keyFiles: [...new Set(paths)],
    keyName: rules[0]?.rule === 'keyfile' ? rules[0].keyname : null,
    pidFiles: pidFiles.map((path) => filled(path, entry, home)),
    texts: texts.map((text) => filled(text, entry, home)),
    except,
  };
}

/** Half of one is a fault, and told as such. */
function alarmsOf({ alarms: { hoursToRedeem: hours } }: WholeClient): ClientConfig['alarms'] {
  if (hours?.metric === undefined || hours.name === undefined) return { hoursToRedeem: null };
  return { hoursToRedeem: { url: hours.metric, name: hours.name, below: hours.below ?? defaultBelow } };
}

const accountOf = (address: string | undefined): ClientConfig['account'] =>
  address === undefined ? null : { address, id: accepted(parseSs58(address), address) };

/** A manifest knows no runtime that a program could serve or not. */
const compatibilityOf = ({ whole: { release } }: Entry): ClientConfig['compatibility'] =>
  release === undefined || release.source === 'manifest' ? null : (release.compatibility ?? null);

function sourceOf({ client, whole: { release } }: Entry): SourceConfig | null {
  switch (release?.source) {
    case 'clients-info':
      return { source: 'clients-info', client: release.client ?? client };
    case 'vault-registry':
      return { source: 'vault-registry', url: release.url, migrations: release.migrations ?? null };
    case 'manifest':
      return { source: 'manifest', url: release.url, interval: millis(release.interval ?? defaultInterval) };
    case undefined:
      return null;
  }
}

function settingsOf(entry: Entry, home: string): Settings {
  const { network, client, whole } = entry;
  const { data } = homeAt(home).instance(network, client);
  const fill = (text: string) => filled(text, entry, home);
  return {
    args: whole.args.map(fill),
    env: Object.fromEntries(Object.entries(whole.env).map(([name, value]) => [name, fill(value)])),
    cwd: resolve(fillInData(whole.cwd ?? '{data}', data)),
    member: whole.download.member ?? null,
    ...(whole.when.length > 0 && { when: whole.when.map((rule) => settingsRule(whole, rule, fill)) }),
    ...(whole.user !== undefined && { user: { name: whole.user, group: whole.group ?? null } }),
    ...(whole.migrated.length > 0 && { migrated: whole.migrated.map((said) => accepted(parseChecksum(said), said)) }),
  };
}

type RuleFile = WholeClient['when'][number];

function settingsRule(whole: WholeClient, { version, args, env }: RuleFile, fill: (text: string) => string) {
  const variables = Object.entries({ ...whole.env, ...env }).map(([name, value]) => [name, fill(value)]);
  return {
    versions: version,
    ...(args && { args: args.map(fill) }),
    ...(env && { env: Object.fromEntries(variables) as Record<string, string> }),
  };
}

/** The client's own settings with what the rule says over them; a time of a pair that is said gives way to none. */
function versionRule(whole: WholeClient, { version, health, stop }: RuleFile): VersionRule {
  const over = { ...whole, health: joined(whole.health, health), stop: joined(whole.stop, stop) } as WholeClient;
  const said: ClientFile = { ...whole, health: health ?? whole.health };
  const fitted = fitPairs(over, said);
  const { health: judged, probes } = healthRules(fitted);
  return { versions: version, health: judged, probes, stop: processRules(fitted).stop };
}

const verifyRule = (said: WholeClient['verify']): ClientConfig['verify'] =>
  said === undefined ? null : { command: said.command, timeout: millis(said.timeout ?? defaultVerifyTimeout) };

function filled(text: string, { network, client, endpoints }: Entry, home: string): string {
  const { data } = homeAt(home).instance(network, client);
  return fillIn(text, { network, client, endpoint: endpoints[0] ?? null, data });
}

function dataOf({ network, client, whole }: Entry, home: string): DataConfig | null {
  const { dir, backupDir, keep, deadline, rollback } = whole.data;
  if (dir === undefined) return null;
  const folder = homeAt(home).instance(network, client);
  const backups = backupDir === undefined ? folder.backups : join(backupDir, network, client);
  return { dir: resolve(fillInData(dir, folder.data)), backups, keep, deadline: millis(deadline), rollback };
}

type Rules<Key extends keyof ClientConfig> = Pick<ClientConfig, Key>;

function processRules({ start, stop, restart }: WholeClient): Rules<'startDelay' | 'stop' | 'restart' | 'noRestart'> {
  return {
    startDelay: millis(start.delay),
    stop: { signal: stop.signal, grace: stop.grace === 'infinite' ? null : millis(stop.grace) },
    restart: { after: millis(restart.delay), max: millis(restart.max), stableAfter: millis(restart.stableAfter) },
    noRestart: { exitCodes: restart.noRestart.exitCodes, lines: restart.noRestart.lines },
  };
}

function healthRules({ health, liveness }: WholeClient): Rules<'health' | 'probes' | 'liveness'> {
  return {
    health: {
      minHealthyTime: millis(health.minHealthyTime),
      healthyDeadline: millis(health.healthyDeadline),
      exits: health.exits,
      rollbackWindow: millis(health.rollbackWindow),
    },
    probes: health.probes.map(probeConfig),
    liveness: { failFor: millis(liveness.failFor), ...accepted(parseRate(liveness.maxRestarts), liveness.maxRestarts) },
  };
}

function releaseRules({ retry, download }: WholeClient): Rules<'retry' | 'download'> {
  return {
    retry: { after: millis(retry.after), max: millis(retry.max), attempts: retry.attempts },
    download: {
      after: millis(download.retry.after),
      max: millis(download.retry.max),
      maxBytes: accepted(parseByteCount(download.maxBytes), download.maxBytes),
      mirrors: download.mirrors,
      fetch: download.fetch,
    },
  };
}

const millis = (text: string): Millis => accepted(parseDuration(text), text);
