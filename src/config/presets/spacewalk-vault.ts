import { metricsPage, type Preset, type Said } from './preset.ts';

/** The vault of Pendulum and Amplitude. Places are those of https://github.com/pendulum-chain/spacewalk at the tag v1.0.18. */
export const spacewalkVault: Preset = {
  // clients/runtime/src/cli.rs:92 (its default is a node on this machine)
  flags: [['--spacewalk-parachain-url', 'SPACEWALK_PARACHAIN_URL', '{endpoint}']],
  settings: (said) => ({
    // clients/service/src/lib.rs:29 and :92: it waits 20 s and more before it connects again, since packets of the former connection to
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
      // clients/vault/src/system.rs:888: the first line that means service
      probes: [{ log: 'Starting all services' }, ...(isSilent(said) ? [] : [restarts(said)])],
    },
    // clients/runtime/src/rpc.rs:105: the spec version is asked once, when it connects; what it signs after an upgrade is refused
    restartOn: ['specVersion'],
    gates: {
      // pallets/clients-info/src/lib.rs:120: besides root, accounts that root has authorised name releases; time for people to object
      minAge: '1h',
      // a payment that was sent is in its journal, one that was not may be late. clients/vault/src/metrics.rs:78, set every 5 minutes (:31)
      ...(isSilent(said)
        ? {}
        : { metrics: [{ url: page(said), name: 'redeem_count{status="open"}', max: 0, atMost: '30m' }] }),
    },
  }),
};

// clients/service/src/cli.rs:63
const isSilent = (said: Said): boolean =>
  said.has('--no-prometheus') || said.value('--no-prometheus', 'NO_PROMETHEUS') !== null;

// clients/service/src/cli.rs:73: another port than interbtc's
const page = (said: Said): string => metricsPage(said, '9616', 'PROMETHEUS_PORT');

/** clients/service/src/lib.rs:161, clients/vault/src/metrics.rs:86; by design once in 2 h (clients/vault/src/system.rs:54). */
const restarts = (said: Said) => ({ metric: page(said), name: 'restart_count', maxRise: 1, within: '10m' });
