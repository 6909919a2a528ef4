import { resolveIdentity } from '../config/identity.ts';
import { exclusiveName, lockName, lockPath } from '../process/lock-names.ts';
import type { Order } from './protocol.ts';

/** Whose client it is and what it inherits, as a daemon would have it that could read the key (daemon/instance/identity.ts). */
export interface Guard {
  readonly identity: string;
  /** Its identity's names: who manages it holds their `owner`. */
  readonly names: readonly string[];
  readonly locks: readonly string[];
}

/** The key file is read here: the daemon has none. */
export async function guardOf(
  { identity: rule, network, client, home, genesis, exclusive }: Order,
  lockFolder: string,
): Promise<Guard> {
  const identity = await resolveIdentity(rule, { network, client, home });
  const scopes = [network, ...(genesis === null ? [] : [genesis])];
  const names = scopes.map((scope) => lockName({ scope, identity }));
  const locks = [...names, ...exclusive.map(exclusiveName)].map((name) => lockPath(lockFolder, name));
  return { identity: names[0] ?? '', names, locks };
}
