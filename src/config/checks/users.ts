import type { Entry } from '../inherit.ts';
import type { Finding } from '../problem.ts';

/** A group alone would run a client as vaultvisor's own user all the same; and whom it runs as in a container of its own, that container says. */
export function checkUsers(entries: readonly Entry[]): readonly Finding[] {
  return entries.flatMap(({ network, client, whole: { user, group, agent } }) => {
    const at = (key: string, message: string): Finding => ({
      path: ['networks', network, 'clients', client, key],
      message,
    });
    if (group !== undefined && user === undefined) return [at('group', 'must not be there without "user"')];
    if (user !== undefined && agent !== undefined)
      return [
        at('user', 'must not be there together with "agent": the agent’s container says whom it runs as; remove it'),
      ];
    return [];
  });
}
