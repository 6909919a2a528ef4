import { knownByEndpoint } from '../../config/known-networks.ts';
import { isOpen } from '../draft/is-open.ts';
import { jsonc, noted } from '../draft/jsonc.ts';
import { presetOf } from '../import/client-line.ts';
import type { RunnerLine } from './runner-line.ts';

export interface Around {
  readonly home: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What its folder, its metrics and its history are called: the same at each start. */
export function placeOf({ parachainWs, clientType }: RunnerLine): {
  readonly network: string;
  readonly client: string;
} {
  const name = knownByEndpoint(parachainWs)?.name ?? hostName(parachainWs);
  return { network: /^[a-z0-9][a-z0-9._-]{0,62}$/.test(name) ? name : 'network', client: clientType };
}

const hostName = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '');

/**
 * The args file that the flags come to. The client keeps the environment and the working directory that it had: those of the unit. As with the old one
 * what the chain names is run, wherever it is.
 */
export function argsTextOf(line: RunnerLine, { home, cwd, env }: Around): string {
  const { network, client } = placeOf(line);
  const variables = Object.fromEntries(
    Object.entries(env).filter((one): one is [string, string] => one[1] !== undefined),
  );
  const preset = presetOf(['', ...line.clientArgs], variables, line.clientType);
  const draft = {
    home,
    networks: {
      [network]: {
        endpoints: [line.parachainWs],
        ...(knownByEndpoint(line.parachainWs)?.genesis && { genesis: knownByEndpoint(line.parachainWs)?.genesis }),
        clients: {
          [client]: {
            ...(preset !== null && {
              preset: noted('What suits this client; docs/clients.md says what, and why.', preset),
            }),
            release: { source: 'clients-info', client: line.clientType },
            args: line.clientArgs,
            cwd,
          },
        },
      },
    },
    ...(isOpen(line.parachainWs) && { allowInsecure: true }),
  };
  return `// Written by vaultvisor runner at each start, from its flags: an edit is lost.\n${jsonc(draft)}\n`;
}
