import { metricsPage, type Preset, type Said } from './preset.ts';

/**
 * The vault of Interlay and Kintsugi. Places are those of https://github.com/interlay/interbtc-clients at the tag
 * interlay-1.23.9.
 */
export const interbtcVault: Preset = {
  // runtime/src/cli.rs:110 (the flag; its default is a public node, which is not the one that the operator named)
  flags: [['--btc-parachain-url', null, '{endpoint}']],
  settings: (said) => ({
    // vault/src/main.rs:133 (catch_signals): any of four signals ends it at once, with 0, and its pid file is removed only then
    stop: { signal: 'SIGINT', grace: '60s' },
    // vault/src/error.rs:53, vault/src/process.rs:49: its own guard found another vault of this account; exit 1 like any error
    // (main.rs:229), so that only the line tells
    restart: { max: '5m', noRestart: { lines: ['already running on the system'] } },
    health: {
      minHealthyTime: '5m',
      // bitcoin/src/cli.rs:36 and runtime/src/cli.rs:113: 60 s for each of its two connections, one after the other; then
      // vault/src/system.rs:294 (keys of past issues), a rescan
      healthyDeadline: '30m',
      probes: [
        // vault/src/system.rs:687: the first line that means service
        { log: 'Starting all services' },
        ...(said.has('--no-prometheus') ? [] : [restarts(said)]),
      ],
    },
    // runtime/src/rpc.rs:106: the spec version is asked once, when it connects; what it signs after an upgrade is refused until it
    // connects again (interbtc-clients issue 492)
    restartOn: ['specVersion'],
    ...walletOf(said),
    ...databaseOf(said),
    ...(said.has('--no-prometheus')
      ? {}
      : {
          // a signal ends it in mid-payment too (above). vault/src/metrics.rs:86: redeems by their state; set every 5 minutes (:27)
          gates: { metrics: [{ url: page(said), name: 'redeem_count{status="open"}', max: 0, atMost: '30m' }] },
          // vault/src/metrics.rs:41: the least of its open redeems, else the whole redeem period (:551)
          alarms: {
            hoursToRedeem: { metric: page(said), name: 'remaining_time_to_redeem_hours', below: 8 },
          },
        }),
  }),
};

// vault/src/cli.rs:78
const page = (said: Said): string => metricsPage(said, '9615');

/**
 * vault/src/connection_manager.rs:155 and vault/src/metrics.rs:95: it restarts inside its process, and counts that; by design once in 3 h
 * (vault/src/system.rs:34).
 */
const restarts = (said: Said) => ({ metric: page(said), name: 'restart_count', maxRise: 1, within: '10m' });

/** vault/src/connection_manager.rs:85 and :105: its Bitcoin wallets are named after the key, whatever the network of the account. */
function walletOf(said: Said): { exclusive?: string[] } {
  const url = said.value('--bitcoin-rpc-url', 'BITCOIN_RPC_URL');
  const key = keyOf(said);
  if (url === null || key === null || !URL.canParse(url)) return {};
  return { exclusive: [`bitcoin wallet ${new URL(url).host}/${key}`] };
}

/** vault/src/main.rs:170: its RocksDB is named after the key too, and lies in its working directory. */
function databaseOf(said: Said): { data?: { dir: string } } {
  const key = keyOf(said);
  const path = said.value('--db-path') ?? (key === null ? null : `${key}.db`);
  if (path === null) return {};
  return { data: { dir: path.startsWith('/') ? path : `${said.cwd}/${path}` } };
}

const keyOf = (said: Said): string | null => said.value('--keyname') ?? said.value('--keyring');
