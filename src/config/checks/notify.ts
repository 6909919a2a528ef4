import { withoutSecrets } from '../../secrets.ts';
import { addressOfUrl, isLoopback } from '../address.ts';
import type { Finding } from '../problem.ts';
import type { NotifyFile, ReceiverFile } from '../schema/notify.ts';
import type { Config } from '../settings.ts';

/** Whom nobody reaches must be found out before the night in which he is needed. */
export function checkNotify(notify: NotifyFile | undefined, config: Config): readonly Finding[] {
  if (notify === undefined) return [];
  return Object.entries(notify.receivers).flatMap(([name, receiver]) => [
    ...oneKind(name, receiver),
    ...places(name, receiver, config),
    ...chat(name, receiver),
    ...(config.allowInsecure ? [] : plain(name, receiver)),
  ]);
}

const at = (name: string, ...keys: readonly (string | number)[]) => ['notify', 'receivers', name, ...keys];

function oneKind(name: string, { webhook, command, heartbeat, ...rest }: ReceiverFile): readonly Finding[] {
  const kinds = [webhook, command, heartbeat].filter((kind) => kind !== undefined).length;
  if (kinds !== 1) return [{ path: at(name), message: 'must have one of "webhook", "command" and "heartbeat"' }];
  if (heartbeat === undefined) return [];
  return Object.keys(rest).map((key) => ({
    path: at(name, key),
    message: 'has no meaning for a heartbeat: take it out',
  }));
}

/** A typing mistake here would be a silence. */
function places(name: string, { only = [], except = [] }: ReceiverFile, { networks }: Config): readonly Finding[] {
  const known = new Set(
    networks.flatMap((network) => [network.name, ...network.clients.map(({ client }) => `${network.name}/${client}`)]),
  );
  return Object.entries({ only, except }).flatMap(([key, said]) =>
    said.flatMap((place, index) =>
      known.has(place) ? [] : [{ path: at(name, key, index), message: 'is no network and no client of this file' }],
    ),
  );
}

function chat(name: string, { webhook }: ReceiverFile): readonly Finding[] {
  if (webhook?.format !== 'telegram' || webhook.chat !== undefined) return [];
  return [{ path: at(name, 'webhook', 'chat'), message: 'is missing: Telegram asks for the id of a chat' }];
}

/** What is wholly a secret is judged when it is read. */
function plain(name: string, { webhook, heartbeat }: ReceiverFile): readonly Finding[] {
  return Object.entries({ webhook, heartbeat }).flatMap(([kind, held]) => {
    if (held === undefined || !held.url.startsWith('http:')) return [];
    if (isLoopback(addressOfUrl(withoutSecrets(held.url, 'x')).host)) return [];
    const message =
      'must not go unencrypted beyond this machine: use https:, or set "allowInsecure": true at the top of the file';
    return [{ path: at(name, kind, 'url'), message }];
  });
}
