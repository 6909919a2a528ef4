import type { Preset } from './preset.ts';

/**
 * The oracle of Interlay and Kintsugi, which feeds prices. It serves no page at all. Places are those of
 * https://github.com/interlay/interbtc-clients at the tag interlay-1.23.9.
 */
export const interbtcOracle: Preset = {
  // oracle/src/main.rs:38 (its default is a node on this machine)
  flags: [['--btc-parachain-url', null, '{endpoint}']],
  settings: () => ({
    // oracle/src/main.rs:146: any of four signals ends it at once, with 0
    stop: { signal: 'SIGINT', grace: '60s' },
    health: {
      minHealthyTime: '5m',
      // oracle/src/main.rs:42 and :84: 60 s for its connection, then it tries to submit for 5 minutes, and exits 1 (:251)
      healthyDeadline: '15m',
      // oracle/src/main.rs:136; it is said in the first round, and again in each (:47, every 25 minutes)
      probes: [{ log: 'Successfully set exchange rate' }],
    },
  }),
};
