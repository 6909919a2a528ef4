import { nameOf } from '../../pick.ts';
import type { Instance } from './instance.ts';

/** What a vaultvisor for each client gives and costs, beside one for all. */
export function tradeWords(instances: readonly Instance[]): readonly string[] {
  const heartbeats = instances.flatMap(({ value }) => heartbeatsOf(value['notify']));
  const users = new Set(instances.map(({ facts: { user } }) => user));
  return [
    'What it gives',
    '  A crash, a restart or an upgrade of a vaultvisor touches one client; MemoryMax= and CPUQuota= count for one.',
    users.size === instances.length
      ? '  Each runs as a user of its own, and none of them needs a right for that.'
      : `  They run as ${[...users].join(', ')}: a client with a "user" of its own gets a unit with that user, and needs no right for it.`,
    'What it costs',
    '  More memory: each is a whole vaultvisor (docs/benchmarks.md has the figures of one).',
    '  One connection to a chain for each client, and each fetches its bytes itself: no store is shared.',
    '  Nothing counts over them any more: maxUpdating and maxStarting are gone. rolloutWindow, windows or FleetLock keep two from being switched at once.',
    '  Each has its own page, messages and control socket: every command needs --config FILE.',
    ...(heartbeats.length === 0
      ? []
      : [
          `  The heartbeat ${[...new Set(heartbeats)].join(', ')} is sent by each to one URL: one that lives hides one that died. Give each file a URL of its own.`,
        ]),
    'What stays',
    '  One folder of locks: no client is run by two of them, nor by one of them and the vaultvisor of all.',
  ];
}

function heartbeatsOf(notify: unknown): readonly string[] {
  const { receivers = {} } = (notify ?? {}) as { receivers?: Readonly<Record<string, object>> };
  return Object.entries(receivers).flatMap(([name, receiver]) => ('heartbeat' in receiver ? [name] : []));
}

/** What each of the files is for. */
export function filesWords(instances: readonly Instance[], unitPath: (name: string) => string): readonly string[] {
  return instances.flatMap((instance) => [
    nameOf(instance),
    `  ${instance.file}  its args file, for ${instance.facts.user} alone (0600)`,
    `  ${unitPath(instance.name)}  the unit that runs it, as ${instance.facts.user}`,
    `  ${instance.facts.home}  its home, made by its first start${instance.listen === null ? '' : `; its page: http://${instance.listen}`}`,
    ...(instance.former === null
      ? []
      : [
          `  ${instance.former}  where it was until now: its data stay there, its state is copied by the commands below`,
        ]),
  ]);
}
