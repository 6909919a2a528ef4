/**
 * What a client is given where the file says nothing. The times suit a vault, which may need minutes to
 * give up on its connections and hours to rescan (docs/clients.md).
 */
export const clientDefaults = {
  args: [],
  env: {},
  files: {},
  when: [],
  migrated: [],
  migrateArguments: { timeout: '10s' },
  exclusive: [],
  guard: { watch: '10m' },
  strangers: { policy: 'wait', pidFiles: [], texts: [], except: [] },
  start: { delay: '0s' },
  stop: { signal: 'SIGINT', grace: '60s' },
  restart: { delay: '1s', max: '5m', stableAfter: '10m', noRestart: { exitCodes: [], lines: [] } },
  health: { minHealthyTime: '5m', healthyDeadline: '30m', exits: 3, rollbackWindow: '24h', probes: [] },
  liveness: { failFor: '10m', maxRestarts: '3/h' },
  restartOn: [],
  alarms: {},
  retry: { after: '1h', max: '24h', attempts: 3 },
  keep: 1,
  allowDowngrade: true,
  download: { retry: { after: '1m', max: '6h' }, maxBytes: '512MiB', mirrors: [], fetch: 'always' },
  data: { keep: 2, deadline: '30m', rollback: 'never' },
  orphans: 'terminate',
  gates: {
    allow: [],
    deny: [],
    approval: 'none',
    requireHealthy: false,
    windows: [],
    minAge: '0s',
    rolloutWindow: '0s',
    metrics: [],
    urgentWait: '1m',
  },
} as const;

/** Hours to redeem under which somebody is woken: a redeem has 24 h or more, and paying takes two (docs/clients.md). */
export const defaultBelow = 8;

/** How long a verify command may take. */
export const defaultVerifyTimeout = '1m';

/** How often a manifest is read. */
export const defaultInterval = '60s';
