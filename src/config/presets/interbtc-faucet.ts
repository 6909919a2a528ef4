import type { Preset } from './preset.ts';

/**
 * The faucet of Interlay's and Kintsugi's test networks. Places are those of https://github.com/interlay/interbtc-clients at the tag
 * interlay-1.23.9.
 */
export const interbtcFaucet: Preset = {
  // runtime/src/cli.rs:110
  flags: [['--btc-parachain-url', null, '{endpoint}']],
  settings: (said) => ({
    // faucet/src/main.rs:80: no signal is caught, so it dies of it at once; faucet/src/http.rs:318: its record of who was paid is
    // flushed every 100 ms
    stop: { signal: 'SIGINT', grace: '60s' },
    // runtime/src/rpc.rs:106: the spec version is asked once, when it connects; what it signs after an upgrade is refused
    // (interbtc-clients issue 492, which was found with the faucet)
    restartOn: ['specVersion'],
    health: {
      minHealthyTime: '1m',
      // runtime/src/cli.rs:113: 60 s for its connection, then it exits 1
      healthyDeadline: '10m',
      // faucet/src/http.rs:353: up once the chain is connected; 503 where the node does not answer within 5 s (:70)
      probes: [{ http: `http://127.0.0.1:${portOf(said.value('--http-addr'))}/health` }],
    },
  }),
};

/** faucet/src/main.rs:67: `[::0]:3033` */
const portOf = (address: string | null): string => /:(\d+)$/.exec(address ?? '')?.[1] ?? '3033';
