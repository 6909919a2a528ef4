import { nameOnChain } from '../../config/known-networks.ts';
import { isOpen } from '../draft/is-open.ts';
import { jsonc, noted } from '../draft/jsonc.ts';
import type { Answers } from './answers.ts';
import type { Met } from './look-at-chain.ts';

export interface DraftOptions {
  readonly home: string;
  readonly listen: string;
  /** Further arguments of the client. */
  readonly more: readonly string[];
}

/** The first args file: one network, one client, and why each line is there. */
export function firstArgsFile(answers: Answers, met: Met | null, { home, listen, more }: DraftOptions): string {
  const { network, known, preset, endpoint, keyfile, keyname, account, clientPort } = answers;
  // of a test network that is begun anew now and then the first contact counts
  const isReset = known !== null && known.genesis === null;
  const genesis = known?.genesis ?? (isReset ? null : (met?.genesis ?? null));
  const port =
    clientPort === null
      ? []
      : preset === 'interbtc-faucet'
        ? ['--http-addr', `[::0]:${clientPort}`]
        : preset === 'interbtc-oracle'
          ? []
          : ['--prometheus-port', clientPort];
  const client = {
    preset: noted('What suits this client; docs/clients.md says what, and why.', preset),
    release: noted('The pallet ClientsInfo names its releases, under this name.', {
      source: 'clients-info',
      client: nameOnChain(preset),
    }),
    ...(account !== null && {
      account: noted('It signs with this one: a copy on another machine is noticed by what it signs.', account),
    }),
    args: noted(
      'Its own flags, one text for each word. Key file and key name are who it is: no second one of it runs on this machine.',
      [...['--keyfile', keyfile, '--keyname', keyname], ...port, ...more],
    ),
    env: noted('Added to the environment that vaultvisor itself has.', { RUST_LOG: 'info' }),
  };
  const draft = {
    home: noted(
      'Everything that vaultvisor keeps: releases, state, logs, the working directories of clients. On a local disk that allows programs to be run.',
      home,
    ),
    networks: {
      [network]: {
        endpoints: noted('Nodes to read the chain from, tried in turn; {endpoint} is the first.', [endpoint]),
        ...(genesis !== null && {
          genesis: noted('The hash of block 0: a node of another chain is refused, whatever it says.', genesis),
        }),
        clients: { [nameOnChain(preset)]: client },
      },
    },
    http: noted('/metrics, /livez and /readyz for this machine alone.', { listen }),
    ...(isOpen(endpoint) && {
      allowInsecure: noted('The node is beyond this machine, and spoken to in the open (ws:).', true),
    }),
  };
  return `// Written by vaultvisor init. An edit is taken up while everything runs on; a faulty one changes nothing.\n${jsonc(draft)}\n`;
}
