import type { ClientConfig } from '../../config/settings.ts';
import { parseSs58 } from '../../config/ss58.ts';
import type { Traces } from '../../process/strangers/traces.ts';

/** By what a client of the same account is known. */
export function tracesOf({ account, strangers }: Pick<ClientConfig, 'account' | 'strangers'>): Traces {
  const isAccount = (text: string): boolean =>
    account !== null && (text.toLowerCase() === account.id || (SS58.test(text) && parseSs58(text) === account.id));
  return { ...strangers, isAccount: account === null ? null : isAccount };
}

/** Every argument of every process is asked. */
const SS58 = /^[1-9A-HJ-NP-Za-km-z]{46,50}$/;
