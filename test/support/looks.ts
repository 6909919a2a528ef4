import type { InstanceLook, Look, NetworkLook } from '../../src/observe/look.ts';

/** An instance at which nothing has happened yet, but for what is given. */
export function instance(over: Partial<InstanceLook>): InstanceLook {
  return {
    network: 'kintsugi',
    client: 'vault',
    phase: 'empty',
    verdict: null,
    reason: null,
    current: null,
    previous: null,
    next: null,
    queued: null,
    child: null,
    lastExit: null,
    quarantined: [],
    held: null,
    stopped: false,
    pinned: null,
    configured: true,
    pending: null,
    blocked: null,
    strangers: [],
    trouble: null,
    guard: null,
    redeem: null,
    chain: null,
    ok: false,
    named: null,
    waiting: null,
    pendingStaged: null,
    ...over,
  };
}

export function network(over: Partial<NetworkLook> = {}): NetworkLook {
  return {
    network: 'kintsugi',
    endpoint: 'wss://a',
    connected: true,
    genesis: `0x${'1'.repeat(64)}`,
    specVersion: 1,
    finalized: { number: 1_234_567, hash: '0x12', at: '2026-11-20T10:00:00.000Z' },
    heardAt: '2026-11-20T10:00:12.000Z',
    trouble: null,
    endpoints: [
      { endpoint: 'wss://a', up: true },
      { endpoint: 'wss://b', up: false },
    ],
    reconnects: 2,
    stalls: 1,
    ...over,
  };
}

export function look(instances: readonly InstanceLook[], networks: readonly NetworkLook[]): Look {
  const daemon = {
    version: '0.1.0',
    pid: 4711,
    startedAt: '2026-11-20T09:00:00.000Z',
    home: '/var/lib/vaultvisor',
    file: '/etc/vaultvisor/args.json',
    refusal: null,
  };
  return { daemon, instances, networks, notify: [] };
}
