import type { Finding } from '../problem.ts';
import type { Config } from '../settings.ts';
import { clientsOf, settingPath } from './where.ts';

/** Who is told to leave as soon as its supervisor dies leaves no orphan that could be adopted. */
export function checkOrphans(config: Config): readonly Finding[] {
  return clientsOf(config).flatMap((client) => {
    if (client.orphans !== 'adopt' || client.parentDeath === null) return [];
    const message =
      'must not be "tini" together with orphans "adopt": tini asks the client to leave when vaultvisor dies, so there would be nobody to adopt; remove one of the two';
    return [{ path: settingPath(client, 'parentDeath'), message }];
  });
}
