import { resolve } from 'node:path';
import type { Settings } from '../core/deployment.ts';
import type { Millis } from '../core/release.ts';
import { homeAt } from '../layout.ts';
import { accepted } from './accepted.ts';
import { parseByteCount } from './byte-count.ts';
import { defaultInterval } from './client-defaults.ts';
import { parseDuration } from './duration.ts';
import { identityRule } from './identity.ts';
import type { Entry, WholeClient } from './inherit.ts';
import { fillIn, fillInData } from './placeholders.ts';
import { probeConfig } from './probe-config.ts';
import { parseRate } from './rate.ts';
import type { ClientConfig, SourceConfig } from './settings.ts';
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
    settings,
    initial: whole.start.initial ?? null,
    identity: identityRule(whole.identity, settings.args, settings.cwd),
    account: accountOf(whole.account),
    guard: { watch: millis(whole.guard.watch) },
    exclusive: whole.exclusive,
    allowDowngrade: whole.allowDowngrade,
    keep: whole.keep,
    preflight: whole.preflight ?? null,
    orphans: whole.orphans,
    parentDeath: whole.parentDeath ?? null,
    ...processRules(whole),
    ...healthRules(whole),
    ...releaseRules(whole),
  };
}

const accountOf = (address: string | undefined): ClientConfig['account'] =>
  address === undefined ? null : { address, id: accepted(parseSs58(address), address) };

function sourceOf({ client, whole: { release } }: Entry): SourceConfig | null {
  switch (release?.source) {
    case 'clients-info':
      return { source: 'clients-info', client: release.client ?? client };
    case 'vault-registry':
      return { source: 'vault-registry', url: release.url };
    case 'manifest':
      return { source: 'manifest', url: release.url, interval: millis(release.interval ?? defaultInterval) };
    case undefined:
      return null;
  }
}

function settingsOf({ network, client, endpoints, whole }: Entry, home: string): Settings {
  const { data } = homeAt(home).instance(network, client);
  const fill = (text: string) => fillIn(text, { network, client, endpoint: endpoints[0] ?? null, data });
  return {
    args: whole.args.map(fill),
    env: Object.fromEntries(Object.entries(whole.env).map(([name, value]) => [name, fill(value)])),
    cwd: resolve(fillInData(whole.cwd ?? '{data}', data)),
    member: whole.download.member ?? null,
  };
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
    },
  };
}

const millis = (text: string): Millis => accepted(parseDuration(text), text);
