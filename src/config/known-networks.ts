import type { PresetName } from './presets/names.ts';

/**
 * A network whose clients we know. An operator may name any other: nothing else depends on this list.
 */
export interface KnownNetwork {
  /** As it is written into an args file. */
  readonly name: string;
  readonly title: string;
  /** A public node. Its operator's own is better. */
  readonly endpoint: string;
  /** Hash of block 0; `null`: it is a test network, which is reset now and then. */
  readonly genesis: string | null;
  readonly presets: readonly PresetName[];
}

const interbtc = ['interbtc-vault', 'interbtc-oracle'] as const;

/**
 * Endpoints are the defaults of the clients themselves: interbtc-clients at 67266fe, `runtime/src/cli.rs:104` and `:108`; its test networks as Interlay's
 * unit files name them (interlay.github.io, `scripts/runner/*.service`); spacewalk at ea6f952, `clients/README.md:175`.
 * The hashes are those under which wallets and explorers know the chains (polkadot-js `networks`).
 */
export const knownNetworks: readonly KnownNetwork[] = [
  {
    name: 'kintsugi',
    title: 'Kintsugi',
    endpoint: 'wss://api-kusama.interlay.io:443/parachain',
    genesis: '0x9af9a64e6e4da8e3073901c3ff0cc4c3aad9563786d89daf6ad820b6e14a0b8b',
    presets: interbtc,
  },
  {
    name: 'interlay',
    title: 'Interlay',
    endpoint: 'wss://api.interlay.io:443/parachain',
    genesis: '0xbf88efe70e9e0e916416e8bed61f2b45717f517d7f3523e33c7b001e5ffcbc72',
    presets: interbtc,
  },
  {
    name: 'testnet-kintsugi',
    title: 'Kintsugi, test network',
    endpoint: 'wss://api-dev-kintsugi.interlay.io:443/parachain',
    genesis: null,
    presets: [...interbtc, 'interbtc-faucet'],
  },
  {
    name: 'testnet-interlay',
    title: 'Interlay, test network',
    endpoint: 'wss://api-testnet.interlay.io:443/parachain',
    genesis: null,
    presets: [...interbtc, 'interbtc-faucet'],
  },
  {
    name: 'pendulum',
    title: 'Pendulum',
    endpoint: 'wss://rpc-pendulum.prd.pendulumchain.tech:443',
    genesis: '0x5d3c298622d5634ed019bf61ea4b71655030015bde9beb0d6a24743714462c86',
    presets: ['spacewalk-vault'],
  },
  {
    name: 'amplitude',
    title: 'Amplitude',
    endpoint: 'wss://rpc-amplitude.pendulumchain.tech:443',
    genesis: '0xcceae7f3b9947cdb67369c026ef78efa5f34a08fe5808d373c04421ecf4f1aaf',
    presets: ['spacewalk-vault'],
  },
  {
    name: 'foucoco',
    title: 'Foucoco, test network of Pendulum',
    endpoint: 'wss://rpc-foucoco.pendulumchain.tech:443',
    genesis: null,
    presets: ['spacewalk-vault'],
  },
];

/** The network of a node, whatever its port and path are written like; `null`: it is none of ours. */
export function knownByEndpoint(endpoint: string): KnownNetwork | null {
  const host = hostOf(endpoint);
  return host === null ? null : (knownNetworks.find((known) => hostOf(known.endpoint) === host) ?? null);
}

/** What a client on chain is called, in `ClientsInfo` (interbtc-clients `runner/src/runner.rs:58`, spacewalk `clients/runner/src/runner.rs`). */
export const nameOnChain = (preset: PresetName): string => preset.slice(preset.indexOf('-') + 1);

const hostOf = (endpoint: string): string | null => (URL.canParse(endpoint) ? new URL(endpoint).hostname : null);
