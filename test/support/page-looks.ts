import type { InstanceLook, Look } from '../../src/observe/look.ts';
import type { Line } from '../../src/observe/words/story.ts';
import { instance, look, network } from './looks.ts';

const sum = (digit: string) => `0x${digit.repeat(64)}`;
const release = (version: string | null, digit: string) => ({
  checksum: sum(digit),
  version,
  uri: null,
  deployment: digit.repeat(64),
});
const [one, two, three] = [release('1.0.0', 'a'), release('1.1.0', 'b'), release('1.2.0', 'c')];
const reason =
  'exited with status 1; its last line was “thread main panicked: config schema mismatch”; that was exit 2 of 2';

/** So long ago. */
export const ago = (seconds: number): string => new Date(Date.now() - seconds * 1_000).toISOString();

const well = (over: Partial<InstanceLook>): InstanceLook =>
  instance({
    phase: 'running',
    verdict: 'healthy',
    current: two,
    previous: one,
    named: two,
    child: { pid: 2587, startedAt: ago(90_061), checksum: two.checksum },
    chain: { endpoint: 'wss://a', connected: true, finalized: { number: 1_234_567, hash: '0x12', at: ago(8) } },
    ok: true,
    ...over,
  });

const endpoints = [
  { endpoint: 'wss://[hidden]@node-1.example.org/kintsugi', up: true },
  { endpoint: 'wss://api-kusama.interlay.io/parachain', up: true },
];
const chains = () => [
  network({
    endpoints,
    finalized: { number: 7_234_567, hash: '0x12', at: ago(8) },
    heardAt: ago(6),
    specVersion: 1_025_003,
  }),
  network({
    network: 'interlay',
    endpoints: [{ endpoint: 'wss://api.interlay.io/parachain', up: true }],
    finalized: { number: 5_904_113, hash: '0x13', at: ago(11) },
    heardAt: ago(5),
    specVersion: 1_025_003,
  }),
];

/** Three clients at which nothing is the matter. */
export const calm = (): Look =>
  look(
    [well({}), well({ network: 'interlay' }), well({ network: 'interlay', client: 'oracle', previous: null })],
    chains(),
  );

const barred = { checksum: three.checksum, deployment: three.deployment, reason, attempts: 1, retryAt: ago(-3_590) };

/** Most of what can be the matter, each at a client of its own. */
export function trouble(): Look {
  const instances = [
    well({ named: three, waiting: 'quarantine', quarantined: [barred], ok: false }),
    well({
      network: 'interlay',
      named: three,
      waiting: 'approval',
      next: {
        ...three,
        state: 'staged',
        retryAt: null,
        waitsFor: `the approval of a person: vaultvisor approve ${three.checksum}`,
      },
    }),
    well({
      network: 'interlay',
      client: 'oracle',
      named: three,
      waiting: 'held',
      held: { since: ago(4_000), until: ago(-80_000) },
      next: { ...three, state: 'staged', retryAt: null, waitsFor: 'held by a person' },
    }),
    well({
      client: 'faucet',
      named: three,
      waiting: 'fetch',
      next: { ...three, state: 'fetching', retryAt: null, waitsFor: 'the download: 12.4 MiB of 45.1 MiB' },
    }),
    well({
      client: 'lender',
      child: null,
      verdict: 'unhealthy',
      reason,
      lastExit: reason,
      blocked: null,
      ok: false,
      redeem: {
        hours: 5,
        deadline: ago(-18_000),
        readAt: ago(3_000),
        critical: true,
        reason: 'nothing healthy serves, and 5 hours are left until its first payment is due',
      },
    }),
    well({ client: 'second', child: null, stopped: true, ok: false }),
  ];
  const down = network({
    network: 'testnet',
    connected: false,
    endpoints: [{ endpoint: 'wss://rpc.testnet.example.org', up: false }],
    trouble: 'no endpoint can be read: wss://rpc.testnet.example.org does not answer',
    finalized: { number: 8_412, hash: '0x1', at: ago(7_400) },
    heardAt: ago(7_390),
    specVersion: null,
  });
  return look(instances, [...chains(), down]);
}

/** What happened to a client that tried a release and went back. */
export const lines = (): readonly Line[] => [
  { at: ago(90_100), event: 'announced', ...two, block: 7_219_001 },
  { at: ago(90_090), event: 'fetched', ...two },
  { at: ago(90_062), event: 'stopped', ...one, uptime: 864_000_000 },
  { at: ago(90_061), event: 'started', ...two, downtime: 71 },
  { at: ago(89_760), event: 'committed', ...two },
  { at: ago(620), event: 'announced', ...three, block: 7_234_480 },
  { at: ago(600), event: 'fetched', ...three },
  { at: ago(540), event: 'started', ...three, downtime: 26 },
  { at: ago(539), event: 'exited', ...three, reason, uptime: 190 },
  { at: ago(538), event: 'quarantined', ...three, reason, retryAt: ago(-3_590) },
  { at: ago(538), event: 'rolledBack', ...two, by: 'failure' },
  { at: ago(520), event: 'healthy', ...two },
];

/** What a hostile source, server or client may have others read: each of it once, and one text without an end. */
export function hostile(): Look {
  const text = `"><img src=x onerror="window.owned=1"><script>window.owned=1</script>\u202e\u001b[2J${'x'.repeat(600)}`;
  const bad = { ...three, version: text, uri: `javascript:${text}` };
  const at = well({
    current: bad,
    named: bad,
    next: { ...bad, state: 'fetching', retryAt: null, waitsFor: text },
    pending: { ...bad, waitsFor: text },
    quarantined: [{ ...barred, checksum: two.checksum, reason: text }],
    strangers: [{ pid: 7, unit: text, words: text, end: text }],
    trouble: text,
    blocked: text,
    guard: { account: text, state: 'alarm', until: null, reason: text },
    lastExit: text,
    ok: false,
  });
  const chain = network({ trouble: text, endpoints: [{ endpoint: `wss://${text}`, up: false }], genesis: text });
  const { daemon, ...rest } = look([at], [chain]);
  return { ...rest, daemon: { ...daemon, file: `/etc/${text}`, refusal: text } };
}
