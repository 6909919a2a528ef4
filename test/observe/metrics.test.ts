import { expect, test } from 'vitest';
import type { Look } from '../../src/observe/look.ts';
import { createMetrics } from '../../src/observe/metrics.ts';
import { instance, look, network } from '../support/looks.ts';

const vault = { network: 'kintsugi', client: 'vault' };
const labels = 'network="kintsugi",client="vault"';
const child = { pid: 7, startedAt: '2026-11-20T10:00:00.500Z', checksum: '0xaa' };
const release = { checksum: '0xaa', version: '1.0.0', uri: null, deployment: 'd1' };

async function page(metrics: ReturnType<typeof createMetrics>, at: Look): Promise<string[]> {
  const text = await metrics.text(at);
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const ours = (lines: string[]) => lines.filter((line) => !/^vaultvisor_(process|nodejs)_/.test(line));

test('levels are those of the look', async () => {
  const metrics = createMetrics();
  const next = {
    ...release,
    checksum: '0xbb',
    version: null,
    state: 'fetching',
    retryAt: null,
    waitsFor: null,
  } as const;
  const barred = { checksum: '0xcc', deployment: null, reason: 'it failed', attempts: 1, retryAt: null };
  const here = instance({ phase: 'running', current: release, next, child, quarantined: [barred], ok: true });
  const lines = ours(await page(metrics, look([here], [network()])));
  expect(lines).toEqual([
    'vaultvisor_build_info{version="0.1.0"} 1',
    'vaultvisor_config_valid 1',
    `vaultvisor_instance_ok{${labels}} 1`,
    `vaultvisor_child_up{${labels}} 1`,
    `vaultvisor_instance_serving{${labels}} 1`,
    `vaultvisor_instance_stopped{${labels}} 0`,
    `vaultvisor_child_start_time_seconds{${labels}} ${Date.parse(child.startedAt) / 1000}`,
    `vaultvisor_quarantined_releases{${labels}} 1`,
    `vaultvisor_guard_watching{${labels}} 0`,
    `vaultvisor_guard_alarm{${labels}} 0`,
    `vaultvisor_strangers{${labels}} 0`,
    `vaultvisor_release_info{${labels},checksum="0xaa",version="1.0.0",state="current"} 1`,
    `vaultvisor_release_info{${labels},checksum="0xbb",version="",state="next"} 1`,
    `vaultvisor_release_info{${labels},checksum="0xcc",version="",state="quarantined"} 1`,
    'vaultvisor_chain_finalized_block{network="kintsugi"} 1234567',
    `vaultvisor_chain_last_finalized_timestamp_seconds{network="kintsugi"} ${Date.parse('2026-11-20T10:00:12Z') / 1000}`,
    'vaultvisor_rpc_up{network="kintsugi",endpoint="wss://a"} 1',
    'vaultvisor_rpc_up{network="kintsugi",endpoint="wss://b"} 0',
    'vaultvisor_chain_reconnects_total{network="kintsugi"} 2',
    'vaultvisor_chain_stalls_total{network="kintsugi"} 1',
  ]);
});

test('an update that waits names its gate; what is named, pending and quarantined are told apart', async () => {
  const [named, pending] = [
    { checksum: '0xbb', version: '2.0.0' },
    { ...release, checksum: '0xdd', waitsFor: null },
  ];
  const barred = { checksum: '0xbb', deployment: 'd2', reason: 'it failed', attempts: 1, retryAt: null };
  const here = { named, pending, pendingStaged: false, waiting: 'quarantine', quarantined: [barred, barred] } as const;
  const lines = await page(createMetrics(), look([instance(here)], []));
  expect(lines.filter((line) => /update_waiting|pending_staged|release_info/.test(line))).toEqual([
    `vaultvisor_update_waiting{${labels},gate="quarantine"} 1`,
    `vaultvisor_pending_staged{${labels}} 0`,
    `vaultvisor_release_info{${labels},checksum="0xbb",version="2.0.0",state="named"} 1`,
    `vaultvisor_release_info{${labels},checksum="0xdd",version="1.0.0",state="pending"} 1`,
    `vaultvisor_release_info{${labels},checksum="0xbb",version="2.0.0",state="quarantined"} 1`,
  ]);
});

test.each([
  ['none runs', {}, 0],
  ['it runs and was not judged yet', { child, verdict: 'unknown' }, 1],
  ['it runs well', { child, verdict: 'healthy' }, 1],
  ['it runs, between two crashes', { child, verdict: 'unhealthy' }, 0],
  ['it left for good', { verdict: 'down' }, 0],
] as const)('whether it serves: %s', async (_name, over, serving) => {
  const lines = await page(createMetrics(), look([instance(over)], []));
  expect(lines).toContain(`vaultvisor_instance_serving{${labels}} ${serving}`);
});

test('what is gone from the look is gone from the page, and counts of the look do not add up', async () => {
  const metrics = createMetrics();
  await page(metrics, look([instance({ current: release })], [network()]));
  const lines = await page(metrics, look([instance({})], [network()]));
  expect(lines.join('\n')).not.toContain('release_info{');
  expect(lines).toContain('vaultvisor_chain_reconnects_total{network="kintsugi"} 2');
});

test.each([
  ['watching', 1, 0],
  ['refused', 0, 1],
  ['alarm', 0, 1],
] as const)('a guard that is %s', async (state, watching, alarm) => {
  const guard = { account: '5F', state, until: null, reason: '' };
  const lines = await page(createMetrics(), look([instance({ guard })], []));
  expect(lines).toContain(`vaultvisor_guard_watching{${labels}} ${watching}`);
  expect(lines).toContain(`vaultvisor_guard_alarm{${labels}} ${alarm}`);
});

test('clients that others started are counted', async () => {
  const stranger = { pid: 7, unit: null, words: 'pid 7 (vault)', end: 'kill -INT 7' };
  const lines = await page(createMetrics(), look([instance({ strangers: [stranger, stranger] })], []));
  expect(lines).toContain(`vaultvisor_strangers{${labels}} 2`);
});

test('an args file that was refused is no valid configuration', async () => {
  const { daemon, ...rest } = look([], []);
  const lines = await page(createMetrics(), { ...rest, daemon: { ...daemon, refusal: 'home is missing' } });
  expect(lines).toContain('vaultvisor_config_valid 0');
});

test('the process itself is measured, below our own prefix', async () => {
  const lines = await page(createMetrics(), look([], []));
  expect(lines.every((line) => line.startsWith('vaultvisor_'))).toBe(true);
  expect(lines.some((line) => line.startsWith('vaultvisor_process_resident_memory_bytes '))).toBe(true);
});

test('restarts and orphans are counted by why', async () => {
  const metrics = createMetrics();
  metrics.told(vault, { event: 'restarted', reason: 'exit' });
  metrics.told(vault, { event: 'restarted', reason: 'exit' });
  metrics.told(vault, { event: 'restarted', reason: 'asked' });
  metrics.told(vault, { event: 'orphan', action: 'ended' });
  expect(await page(metrics, look([], []))).toEqual(
    expect.arrayContaining([
      `vaultvisor_child_restarts_total{${labels},reason="exit"} 2`,
      `vaultvisor_child_restarts_total{${labels},reason="asked"} 1`,
      `vaultvisor_orphans_total{${labels},action="ended"} 1`,
    ]),
  );
});

const counts = async (...events: Parameters<ReturnType<typeof createMetrics>['told']>[1][]) => {
  const metrics = createMetrics();
  for (const event of events) metrics.told(vault, event);
  const lines = await page(metrics, look([], []));
  return lines.flatMap((line) => /duration_seconds_count\{.*phase="(\w+)"\} (\d)/.exec(line)?.slice(1).join(' ') ?? []);
};

const of = (event: string) => ({ event, checksum: '0xaa', deployment: 'd1' });
const [announced, fetched, stopped] = [of('announced'), of('fetched'), of('stopped')];
const [started, committed] = [of('started'), of('committed')];

test.each([
  [
    'a whole update has its three phases',
    [announced, fetched, stopped, started, committed],
    ['fetch 1', 'switch 1', 'prove 1'],
  ],
  ['a first start has no switch', [announced, fetched, started, committed], ['fetch 1', 'prove 1']],
  [
    'what is fetched ahead counts from when it was pending',
    [{ event: 'pending', checksum: '0xaa' }, fetched],
    ['fetch 1'],
  ],
  ['another release than the one that was named ends nothing', [{ event: 'announced', checksum: '0xbb' }, fetched], []],
  ['a restart in place is no switch', [stopped, { event: 'restarted', reason: 'asked' }, started], []],
  [
    'the hours for which a person stopped the client are no switch',
    [{ event: 'asked', to: 'stopped' }, stopped, started],
    [],
  ],
  [
    'a switch after a person let it start again counts',
    [{ event: 'asked', to: 'stopped' }, stopped, { event: 'asked', to: 'started' }, stopped, started],
    ['switch 1'],
  ],
  ['another deployment that is committed proves nothing', [started, { ...committed, deployment: 'd2' }], []],
])('%s', async (_name, events, phases) => {
  expect(await counts(...events)).toEqual(phases);
});
