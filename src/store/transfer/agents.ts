import { lookup as ask } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { type HostKind, innermost, kindOfAddress } from './hosts.ts';
import type { Limits } from './limits.ts';

/** The connections of one download: gone with it. */
export interface Agents {
  /** For the URI that was named. */
  readonly open: Dispatcher;
  /** For where a redirect leads: connects only to what is public or of this kind, whatever a resolver says in the meantime. */
  guarded(kind: HostKind): Dispatcher;
  close(): Promise<void>;
}

/** Through `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`; trusts the certificates of Node and of `NODE_EXTRA_CA_CERTS`. */
export function createAgents(limits: Limits): Agents {
  const made: Dispatcher[] = [];
  const agent = (lookup?: LookupFunction): Dispatcher => {
    const dispatcher = new EnvHttpProxyAgent({
      connect: { timeout: limits.connect, ...(lookup && { lookup }) },
      headersTimeout: limits.headers,
      bodyTimeout: limits.stall,
    });
    made.push(dispatcher);
    return dispatcher;
  };
  return {
    open: agent(),
    guarded: (kind) => agent(guard(kind)),
    close: async () => {
      await Promise.all(made.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

function guard(allowed: HostKind): LookupFunction {
  return (host, options, callback) => {
    ask(host, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '');
      const kind = innermost(found.map(({ address }) => kindOfAddress(address)));
      if (kind !== 'public' && kind !== allowed)
        return callback(new Error(`${host} resolves to a ${kind} address`), '');
      if (options.all) return callback(null, found);
      callback(null, found[0]!.address, found[0]!.family);
    });
  };
}
