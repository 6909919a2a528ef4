import { metricsPage, type Preset } from './preset.ts';

/** The vault of Pendulum and Amplitude. Places are those of https://github.com/pendulum-chain/spacewalk at the tag v1.0.18. */
export const spacewalkVault: Preset = {
  // clients/runtime/src/cli.rs:92 (its default is a node on this machine)
  flags: [['--spacewalk-parachain-url', 'SPACEWALK_PARACHAIN_URL', '{endpoint}']],
  settings: (said) => ({
    // clients/service/src/lib.rs:29 and :94: it waits 20 s and more before it connects again, since packets of the former connection to
    // Stellar interfere with the new one
    start: { delay: '30s' },
    // clients/vault/src/main.rs:66 (catch_signals): any of four signals ends it at once, with 0
    stop: { signal: 'SIGINT', grace: '60s' },
    // clients/service/src/error.rs:28, clients/vault/src/process.rs:53; exit 1 like any error (main.rs:159)
    restart: { max: '5m', noRestart: { lines: ['already running on the system'] } },
    health: {
      minHealthyTime: '5m',
      // clients/runtime/src/cli.rs:96: 60 s for its connection; each failure after it waits 30 s, 40 s and so on
      healthyDeadline: '30m',
      probes: [
        // clients/vault/src/system.rs:888
        { log: 'Starting all services' },
        // clients/service/src/lib.rs:161, clients/vault/src/metrics.rs:86; by design once in 2 h (clients/vault/src/system.rs:54).
        // Its page is at another port than interbtc's: clients/service/src/cli.rs:73
        ...(said.has('--no-prometheus') || said.value('--no-prometheus', 'NO_PROMETHEUS') !== null
          ? []
          : [
              {
                metric: metricsPage(said, '9616', 'PROMETHEUS_PORT'),
                name: 'restart_count',
                maxRise: 1,
                within: '10m',
              },
            ]),
      ],
    },
  }),
};
