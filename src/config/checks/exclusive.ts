import type { Finding } from '../problem.ts';
import type { ClientConfig, Config } from '../settings.ts';
import { clashes } from './clashes.ts';
import { clientsOf, nameOf, settingPath } from './where.ts';

/** What is exclusive has one client on the whole machine, so surely in one file. */
export function checkExclusive(config: Config): readonly Finding[] {
  return [...clientsOf(config).flatMap(takenTwice), ...takenByTwo(config)];
}

/** A client that asks for one lock twice would wait for itself. */
function takenTwice(client: ClientConfig): readonly Finding[] {
  return client.exclusive.flatMap((key, index) => {
    if (client.exclusive.indexOf(key) === index) return [];
    return [{ path: settingPath(client, 'exclusive', index), message: 'is written twice: remove one' }];
  });
}

function takenByTwo(config: Config): readonly Finding[] {
  return clashes(
    clientsOf(config).flatMap((client) =>
      client.exclusive.map((key, index) => ({
        client,
        key,
        finding: (other) => ({
          path: settingPath(client, 'exclusive', index),
          message: `must not be what ${nameOf(other)} holds: an exclusive thing has one client; give each its own, or remove one`,
        }),
      })),
    ),
  );
}
