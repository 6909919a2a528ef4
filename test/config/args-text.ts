import { parseArgsFile } from '../../src/config/load.ts';
import type { Problem } from '../../src/config/problem.ts';
import type { ClientConfig, Config } from '../../src/config/settings.ts';

const manifest = { source: 'manifest', url: 'file:///srv/vault.json' };

interface Parts {
  readonly client?: object;
  readonly network?: object;
  readonly top?: object;
}

/** An args file that is accepted, but for what a test puts over it; the client's path is `networks.n.clients.c`. */
export function argsText({ client, network, top }: Parts = {}): string {
  const clients = { c: { release: manifest, ...client } };
  return JSON.stringify({ home: '/h', networks: { n: { endpoints: ['wss://node/'], clients, ...network } }, ...top });
}

/** Several clients of one network. */
export const clientsText = (clients: Readonly<Record<string, object>>, top: object = {}): string => {
  const all = Object.entries(clients).map(([name, client]) => [name, { release: manifest, ...client }]);
  return argsText({ network: { clients: Object.fromEntries(all) }, top });
};

export function accepted(text: string): Config {
  const parsed = parseArgsFile(text);
  if (!parsed.ok) throw new Error(`not accepted: ${JSON.stringify(parsed.problems)}`);
  return parsed.config;
}

export const acceptedClient = (parts: Parts = {}): ClientConfig => accepted(argsText(parts)).networks[0]!.clients[0]!;

export function problemsIn(text: string): readonly Problem[] {
  const parsed = parseArgsFile(text);
  return parsed.ok ? [] : parsed.problems;
}

/** Path, value and message of each problem, as rows of a table have them. */
export const rowsIn = (text: string): readonly (readonly string[])[] =>
  problemsIn(text).map(({ path, value, message }) => [path, value, message]);
