import { dirname, resolve } from 'node:path';
import { readDocument } from '../../config/document.ts';
import { networkEntries } from '../../config/inherit.ts';
import { argsFile } from '../../config/schema.ts';
import { secretFilesOf } from '../../config/secret-files.ts';
import type { ClientConfig, Config } from '../../config/settings.ts';
import type { Millis } from '../../core/release.ts';
import type { UnitFacts } from '../../systemd/unit/facts.ts';

export interface Wanted {
  readonly name: string;
  readonly program: readonly string[];
  readonly config: string;
  readonly user: string;
  readonly systemd: number;
}

/** What a unit for all clients of an args file depends on. */
export function factsOf(text: string, config: Config, wanted: Wanted): UnitFacts {
  return factsFor(
    config.networks.flatMap(({ clients }) => clients),
    text,
    config,
    wanted,
  );
}

function factsFor(clients: readonly ClientConfig[], text: string, config: Config, wanted: Wanted): UnitFacts {
  const group = groupOf(clients, wanted.user);
  const secrets = [...new Set(clients.flatMap(secretFilesOf))];
  return {
    ...wanted,
    group,
    changesUser: clients.some(
      ({ settings: { user } }) =>
        user !== undefined && (user.name !== wanted.user || (user.group !== null && user.group !== group)),
    ),
    home: config.home,
    lockDir: config.lockDir,
    grace: longestGrace(clients),
    leavesClients: clients.some(({ orphans }) => orphans !== 'terminate'),
    sharesTmp: clients.some(mayGuardInTmp(text)),
    writable: clients.flatMap(writableOf),
    read: [
      wanted.config,
      ...clients.flatMap(({ strangers, files }) => [...strangers.keyFiles, ...Object.values(files)]),
      ...secrets,
    ],
    secrets,
  };
}

/** Where all of them are to run as vaultvisor's own user in one other group, that is the group of the unit: no right is needed for it. */
function groupOf(clients: readonly ClientConfig[], daemon: string): string | null {
  const groups = clients.map(({ settings: { user } }) => (user?.name === daemon ? user.group : null));
  return groups.every((group) => group === groups[0]) ? (groups[0] ?? null) : null;
}

/** Of every release, as `when` may give one more than the others. */
function longestGrace(clients: readonly ClientConfig[]): Millis | null {
  const graces = clients.flatMap(({ stop, when }) => [stop.grace, ...when.map((rule) => rule.stop.grace)]);
  return graces.reduce<Millis | null>(
    (longest, grace) => (longest === null || grace === null ? null : Math.max(longest, grace)),
    0,
  );
}

/** Data that are put back are renamed into their place, so it is the folder around them that is written to. */
function writableOf({ settings, data, network, client }: ClientConfig): readonly string[] {
  if (data === null) return [settings.cwd];
  const { dir, backups } = data;
  const ofAll = backups.endsWith(`/${network}/${client}`) ? resolve(backups, '../..') : backups;
  return [settings.cwd, dirname(dir), ofAll];
}

/** A vault writes its pid below /tmp; of a client without a preset nobody knows. The faucet and the oracle do not. */
function mayGuardInTmp(text: string): (client: ClientConfig) => boolean {
  const { document } = readDocument(text);
  const file = argsFile.parse(document.value);
  const entries = networkEntries(document, file).flatMap((network) => network.entries);
  return ({ network, client }) => {
    const entry = entries.find((one) => one.network === network && one.client === client);
    return !/-(oracle|faucet)$/.test(entry?.whole.preset ?? '');
  };
}
