import { expect, test } from 'vitest';
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import { statusLine } from '../../src/systemd/status-line.ts';
import { instance } from '../support/looks.ts';

const child = { pid: 7, startedAt: '2026-11-20T10:00:00.000Z', checksum: null };
const release = { checksum: `0x${'ab'.repeat(32)}`, version: '1.2.0', uri: null, deployment: 'd' };
const next = { ...release, state: 'probation', retryAt: null, waitsFor: null } as const;
const well = instance({ ok: true, phase: 'running', verdict: 'healthy', child });
const ill = (over: Partial<InstanceStatus>) => instance({ network: 'interlay', ...over });

test.each<[string, readonly InstanceStatus[], string]>([
  ['nothing', [], 'no client is configured'],
  ['one that is well', [well], '1 client, as it should be'],
  ['all well', [well, well], '2 clients, all as they should be'],
  [
    'a trial',
    [well, ill({ phase: 'probation', next, child })],
    '1 of 2 clients as they should be; interlay/vault tries 1.2.0',
  ],
  ['the first release', [ill({ next })], 'interlay/vault gets its first release'],
  ['none named yet', [ill({})], 'interlay/vault waits for its first release'],
  ['a person’s stop', [ill({ stopped: true })], 'interlay/vault is stopped by a person'],
  ['a stranger', [ill({ blocked: 'pid 1 holds the lock' })], 'interlay/vault is down and cannot be started'],
  [
    'probes that fail',
    [ill({ phase: 'running', verdict: 'unhealthy', child })],
    'interlay/vault runs and is unhealthy',
  ],
  ['a crash', [ill({ phase: 'running', verdict: 'down' })], 'interlay/vault is down'],
])('the line of %s', (_, instances, words) => expect(statusLine(instances)).toBe(words));
