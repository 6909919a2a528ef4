// What differs between the clients; the places in their sources are in docs/clients.md and in src/config/presets.
const account = ['--keyring', '--keyfile', '--keyname', '--keyuri'];
const monitoring = ['--no-prometheus', '--prometheus-external', '--prometheus-port'];
const service = ['--restart-policy', '--logging-format'];

export const clients = {
  'interbtc-vault': {
    main: 'vault',
    logger: 'tracing',
    spec: 'kintsugi-parachain',
    hasPidFile: true,
    // vault/src/error.rs:53
    alreadyRunning: (pid) => `There is a services already running on the system, with pid ${pid}`,
    page: '/metrics',
    host: '127.0.0.1',
    port: 9615,
    portFlag: '--prometheus-port',
    flags: [
      ...account,
      ...service,
      ...monitoring,
      ...['--btc-parachain-url', '--btc-parachain-connection-timeout-ms', '--bitcoin-rpc-url', '--electrs-url'],
      ...['--auto-register', '--no-auto-replace', '--no-issue-execution', '--payment-margin-minutes', '--db-path'],
    ],
    switches: ['--no-prometheus', '--prometheus-external', '--no-auto-replace', '--no-issue-execution'],
    required: ['--keyname'],
  },
  'spacewalk-vault': {
    main: 'vault',
    logger: 'tracing',
    spec: 'pendulum',
    hasPidFile: true,
    // clients/service/src/error.rs:28
    alreadyRunning: (pid) => `There is a service already running on the system, with pid ${pid}`,
    page: '/metrics',
    host: '127.0.0.1',
    port: 9616,
    portFlag: '--prometheus-port',
    flags: [
      ...account.slice(0, 3),
      ...service,
      ...monitoring,
      ...['--spacewalk-parachain-url', '--spacewalk-parachain-connection-timeout-ms', '--max-concurrent-requests'],
      ...[
        '--stellar-vault-secret-key-filepath',
        '--stellar-overlay-config-filepath',
        '--faucet-url',
        '--auto-register',
      ],
    ],
    switches: ['--no-prometheus', '--prometheus-external'],
    required: ['--keyname', '--stellar-vault-secret-key-filepath', '--stellar-overlay-config-filepath'],
  },
  'interbtc-oracle': {
    main: 'oracle',
    logger: 'env_logger',
    flags: [...account, '--btc-parachain-url', '--connection-timeout-ms', '--interval-ms', '--oracle-config'],
    switches: [],
    required: ['--keyname'],
  },
  'interbtc-faucet': {
    main: 'faucet',
    logger: 'env_logger',
    catchesSignals: false,
    page: '/health',
    host: '::',
    port: 3033,
    portFlag: '--http-addr',
    flags: [
      ...account,
      ...[
        '--btc-parachain-url',
        '--btc-parachain-connection-timeout-ms',
        '--http-addr',
        '--rpc-cors-domain',
        '--allowance-config',
      ],
    ],
    switches: [],
    required: ['--keyname'],
  },
};
