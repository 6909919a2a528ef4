import type { Millis } from '../core/release.ts';
import { quietUrls } from '../quiet-url.ts';
import { formatDuration } from './duration.ts';
import { gateTexts } from './gate-facts.ts';
import { redactValue } from './redact.ts';
import type { ClientConfig, Probe, SourceConfig } from './settings.ts';

/** One setting of the file: what it is, to be compared and never printed, and how it may be printed. */
export interface Fact {
  readonly path: string;
  readonly value: unknown;
  readonly text: string;
}

export const fact = (path: string, value: unknown, text = shown(value)): Fact => ({ path, value, text });

/** What makes a deployment: a change here goes through gates, probation and rollback like a release. */
export const deploymentPaths: ReadonlySet<string> = new Set([
  'args',
  'env',
  'files',
  'migrated',
  'cwd',
  'user',
  'group',
  'download.member',
]);

export function clientFacts(client: ClientConfig): readonly Fact[] {
  return [...startFacts(client), ...healthFacts(client), ...releaseFacts(client)];
}

function startFacts(client: ClientConfig): Fact[] {
  const { settings, identity, account, guard, strangers, exclusive, startDelay, stop, restart, noRestart } = client;
  return [
    fact('args', settings.args),
    fact(
      'env',
      Object.entries(settings.env).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    fact('files', settings.files ?? client.files),
    fact('migrated', settings.migrated ?? []),
    fact('when', [settings.when ?? [], client.when], `${client.when.length} rules by version`),
    time('migrateArguments.timeout', client.migrateArguments.timeout),
    fact('cwd', settings.cwd),
    fact('user', settings.user?.name ?? null),
    fact('group', settings.user?.group ?? null),
    fact('download.member', settings.member),
    fact('identity', identity),
    fact('account', account?.address ?? null),
    time('guard.watch', guard.watch),
    fact('exclusive', exclusive),
    fact('strangers.policy', strangers.policy),
    fact('strangers.pidFiles', strangers.pidFiles),
    fact('strangers.texts', strangers.texts),
    fact('strangers.except', strangers.except),
    time('start.delay', startDelay),
    fact('stop.signal', stop.signal),
    stop.grace === null ? fact('stop.grace', 'infinite') : time('stop.grace', stop.grace),
    time('restart.delay', restart.after),
    time('restart.max', restart.max),
    time('restart.stableAfter', restart.stableAfter),
    fact('restart.noRestart.exitCodes', noRestart.exitCodes),
    fact('restart.noRestart.lines', noRestart.lines),
    fact('restartOn', client.restartOn),
    fact('orphans', client.orphans),
    fact('parentDeath', client.parentDeath),
    fact('agent', client.agent?.socket ?? null),
  ];
}

function healthFacts({ health, probes, liveness, alarms, retry }: ClientConfig): Fact[] {
  return [
    time('health.minHealthyTime', health.minHealthyTime),
    time('health.healthyDeadline', health.healthyDeadline),
    fact('health.exits', health.exits),
    time('health.rollbackWindow', health.rollbackWindow),
    fact('health.probes', probes, shown(probes.map(written))),
    time('liveness.failFor', liveness.failFor),
    fact('liveness.maxRestarts', `${liveness.restarts} in ${formatDuration(liveness.per)}`),
    fact('alarms.hoursToRedeem', alarms.hoursToRedeem),
    time('retry.after', retry.after),
    time('retry.max', retry.max),
    fact('retry.attempts', retry.attempts),
  ];
}

function releaseFacts({
  source,
  compatibility,
  initial,
  keep,
  allowDowngrade,
  download,
  verify,
  preflight,
  gates,
  data,
}: ClientConfig): Fact[] {
  return [
    fact('release', source, sourceText(source)),
    fact('release.compatibility', compatibility),
    fact('start.initial', initial),
    fact('keep', keep),
    fact('allowDowngrade', allowDowngrade),
    time('download.retry.after', download.after),
    time('download.retry.max', download.max),
    fact('download.maxBytes', download.maxBytes),
    fact('download.mirrors', download.mirrors),
    fact('download.fetch', download.fetch),
    fact('verify.command', verify?.command ?? null),
    verify ? time('verify.timeout', verify.timeout) : fact('verify.timeout', null),
    fact('preflight', preflight),
    ...gateTexts(gates).map((one) => fact(...one)),
    ...dataFacts(data),
  ];
}

function dataFacts(data: ClientConfig['data']): Fact[] {
  if (data === null) return [fact('data.dir', null)];
  const { dir, backups, keep, deadline, rollback } = data;
  return [
    fact('data.dir', dir),
    fact('data.backupDir', backups),
    fact('data.keep', keep),
    time('data.deadline', deadline),
    fact('data.rollback', rollback),
  ];
}

const time = (path: string, millis: Millis): Fact => fact(path, millis, formatDuration(millis));

export function sourceText(source: SourceConfig): string {
  switch (source.source) {
    case 'clients-info':
      return `clients-info "${source.client}"`;
    case 'vault-registry':
      return `vault-registry ${[source.url, source.migrations]
        .flatMap((url) => url ?? [])
        .map(quietUrls)
        .join(', migrations ')}`;
    case 'manifest':
      return `manifest ${quietUrls(source.url)} every ${formatDuration(source.interval)}`;
  }
}

/** A probe without the limits that it does not have. */
const written = (probe: Probe): object => Object.fromEntries(Object.entries(probe).filter(([, held]) => held !== null));

function shown(value: unknown): string {
  if (value === null) return 'none';
  return typeof value === 'string' ? quietUrls(value) : JSON.stringify(redactValue(value));
}
