import type { Finding } from '../problem.ts';
import type { Config } from '../settings.ts';
import { clashes } from './clashes.ts';
import { clientsOf, nameOf, settingPath } from './where.ts';

/** What is exclusive has one client on the whole machine, so surely in one file. */
export function checkExclusive(config: Config): readonly Finding[] {
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
