import { expect, test } from 'vitest';
import { checkPage } from '../../src/cli/print/check.ts';
import { historyLine } from '../../src/cli/print/history.ts';
import { instanceBlock } from '../../src/cli/print/instance.ts';
import { paintFor, plain } from '../../src/cli/print/paint.ts';
import { statusPage } from '../../src/cli/print/status.ts';
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import { grouped, oneLine } from '../../src/observe/words/pieces.ts';
import { clockWords, momentWords, spanWords } from '../../src/observe/words/time.ts';
import { instance, look } from '../support/looks.ts';

const now = Date.parse('2026-11-20T12:00:00.000Z');
const sum = (digit: string) => `0x${digit.repeat(64)}`;
const release = (digit: string, version: string | null) => ({
  checksum: sum(digit),
  version,
  uri: null,
  deployment: digit.repeat(64),
});
const child = { pid: 4712, startedAt: '2026-11-18T09:00:00.000Z', checksum: sum('a') };
const running = { phase: 'running', verdict: 'healthy', current: release('a', '1.23.8'), child, ok: true } as const;

const guarded = (state: 'watching' | 'refused' | 'alarm', reason: string) =>
  ({ account: '5F', state, until: null, reason }) as const;

const block = (over: Partial<InstanceStatus>) => instanceBlock(instance(over), true, now, plain);

test('all is well: three lines say it', () => {
  const finalized = { number: 1_234_567, hash: '0x', at: '2026-11-20T11:59:48.000Z' };
  const chain = { endpoint: 'wss://node', connected: true, finalized };
  expect(block({ ...running, chain })).toBe(`● kintsugi/vault  running, healthy
    release   1.23.8 (0xaaaaaaaa…)
    child     pid 4712, up 2 d 3 h
    chain     connected to wss://node, finalised block 1 234 567, 12 s old`);
});

test('hours to redeem stand there with the age of the word; when they are critical, that is said instead', () => {
  const redeem = { hours: 19.4, deadline: '2026-11-21T07:24:00.000Z', readAt: '2026-11-20T11:59:00.000Z' };
  expect(block({ ...running, redeem: { ...redeem, critical: false, reason: null } })).toContain(
    '    redeem    19.4 hours are left until its first payment is due, by its page 1 min ago\n',
  );
  const reason = 'nothing healthy serves, and 6.5 hours are left until its first payment is due';
  expect(block({ ...running, redeem: { ...redeem, critical: true, reason } })).toContain(`    redeem    ${reason}\n`);
});

test('what the guard found is told once', () => {
  const reason = 'account 5F signed';
  const told = block({ ...running, ok: false, child: null, blocked: reason, guard: guarded('refused', reason) });
  expect(told.split('\n').filter((line) => line.includes(reason))).toEqual([`    guard     ${reason}`]);
});

test('each stranger has a line with what ends it, and cannot paint a terminal', () => {
  const strangers = [
    { pid: 7, unit: null, words: 'pid 7 (va\u001b[31mult)', end: 'kill -INT 7' },
    {
      pid: null,
      unit: 'v.service',
      words: 'the unit v.service (inactive, enabled; vault)',
      end: 'systemctl disable --now v.service',
    },
  ];
  const told = block({ ...running, ok: false, child: null, blocked: 'all of it in one line', strangers });
  expect(told).toContain('    stranger  pid 7 (va\\x1b[31mult): `kill -INT 7` ends it\n');
  expect(told).toContain(
    '    stranger  the unit v.service (inactive, enabled; vault): `systemctl disable --now v.service` ends it',
  );
  expect(told).toMatch(/ {4}blocked {3}another client .* looked at again every 10 s\n/);
  expect(told).not.toContain('all of it in one line');
});

test('everything that can be told at once is told in the order of its weight', () => {
  const next = {
    ...release('b', '1.24.0'),
    state: 'fetching',
    retryAt: '2026-11-20T12:42:00.000Z',
    waitsFor: 'HTTP 404',
  } as const;
  const pending = { checksum: sum('c'), version: null, uri: null, waitsFor: null };
  const timed = {
    checksum: sum('d'),
    deployment: null,
    reason: 'it exited 3 times',
    attempts: 1,
    retryAt: '2026-11-20T13:00:00.000Z',
  };
  const barred = { checksum: sum('e'), deployment: null, reason: 'rejected by a person', attempts: 0, retryAt: null };
  const over = {
    ...running,
    ok: false,
    trouble: 'no endpoint can be read',
    previous: release('f', null),
    next,
    pending,
  };
  const said = {
    held: { since: '2026-11-20T11:00:00.000Z', until: null },
    pinned: { checksum: sum('a'), forever: false },
  };
  const chain = { endpoint: null, connected: false, finalized: null };
  expect(
    block({ ...over, ...said, quarantined: [timed, barred], configured: false, chain }),
  ).toBe(`✖ kintsugi/vault  running, healthy, but its source is in trouble
    trouble   no endpoint can be read
    release   1.23.8 (0xaaaaaaaa…)
    before    0xffffffff…
    child     pid 4712, up 2 d 3 h
    next      1.24.0 (0xbbbbbbbb…): being fetched, failed: HTTP 404; again at 2026-11-20 12:42:00 UTC (in 42 min)
    pending   0xcccccccc…, with the next runtime
    barred    0xdddddddd…: it exited 3 times (tried once); again at 2026-11-20 13:00:00 UTC (in 1 h)
    barred    0xeeeeeeee…: rejected by a person; only you let it in again: \`vaultvisor retry kintsugi/vault ${sum('e')}\`
    held      no switches until \`vaultvisor unhold kintsugi/vault\`
    pinned    to 0xaaaaaaaa… until the source names another release, or \`vaultvisor unpin kintsugi/vault\`
    file      no longer names it: \`vaultvisor apply --allow-remove\` ends it
    chain     not connected to any endpoint, nothing read yet`);
});

const next = { ...release('b', '1.24.0'), state: 'probation', retryAt: null, waitsFor: null } as const;

test.each<[string, Partial<InstanceStatus>]>([
  ['● kintsugi/vault  running, healthy', running],
  ['● kintsugi/vault  running, not yet judged', { ...running, verdict: 'unknown' }],
  ['✖ kintsugi/vault  down, to be started again', { ...running, ok: false, child: null }],
  [
    '▲ kintsugi/vault  not started yet: its account is being watched',
    { ...running, ok: false, child: null, blocked: 'watching 5F', guard: guarded('watching', 'watching 5F') },
  ],
  [
    '✖ kintsugi/vault  down, and cannot be started',
    { ...running, ok: false, child: null, blocked: '5F signed', guard: guarded('refused', '5F signed') },
  ],
  [
    '▲ kintsugi/vault  stopped by a person',
    { ...running, ok: false, child: null, stopped: true, guard: guarded('alarm', '5F signed') },
  ],
  ['✖ kintsugi/vault  down, and cannot be started', { ...running, ok: false, child: null, blocked: 'pid 3 holds it' }],
  [
    '✖ kintsugi/vault  unhealthy: no answer on 9615',
    { ...running, ok: false, verdict: 'unhealthy', reason: 'no answer\non 9615' },
  ],
  [
    '✖ kintsugi/vault  down: it left with code 3',
    { ...running, ok: false, verdict: 'down', reason: 'it left with code 3', child: null },
  ],
  [
    '✖ kintsugi/vault  down: its program was lost and is being fetched again',
    { ...running, ok: false, verdict: 'gone', child: null },
  ],
  ['▲ kintsugi/vault  stopped by a person', { ...running, ok: false, stopped: true, child: null }],
  ['▲ kintsugi/vault  stopping, as a person asked', { ...running, ok: false, stopped: true }],
  ['▲ kintsugi/vault  waiting for a first release', {}],
  ['▲ kintsugi/vault  getting its first release', { next: { ...next, state: 'fetching' } }],
  ['✖ kintsugi/vault  nothing runs yet', { trouble: 'no endpoint can be read' }],
  ['▲ kintsugi/vault  trying 1.24.0 (0xbbbbbbbb…)', { phase: 'probation', verdict: 'unknown', next, child }],
  [
    '✖ kintsugi/vault  1.24.0 (0xbbbbbbbb…) fails, and there is no way back: code 1',
    { phase: 'probation', verdict: 'unhealthy', reason: 'code 1', next, child },
  ],
])('%s', (head, over) => {
  expect(block(over).split('\n')[0]).toBe(head);
});

test('the page of a daemon whose args file was refused says so first', () => {
  const at = look([instance(running)], []);
  const seen = { ...at, daemon: { ...at.daemon, refusal: 'args.json:3:4 is wrong' }, fromDisk: null };
  const page = statusPage({ seen, instances: [], home: '/h', file: '/f' }, now, plain);
  expect(page).toBe(`vaultvisor 0.1.0, pid 4711, up 3 h, /var/lib/vaultvisor
/etc/vaultvisor/args.json was refused; the one before stays in force:
  args.json:3:4 is wrong

No client is configured yet.`);
});

test('what a trial lacks does not read as if it waited for nothing', () => {
  const lacks = { ...next, waitsFor: 'nothing listens on 127.0.0.1:9615' };
  const told = block({ ...running, phase: 'probation', verdict: 'unknown', next: lacks, child });
  expect(told).toContain('on probation, not passed yet: nothing listens on 127.0.0.1:9615');
  expect(told).not.toContain('waits for nothing');
});

test('without a daemon nothing is called healthy, and the next move is at the top', () => {
  const instances = [instance(running), instance({ ...running, child: null }), instance({})];
  const seen = { instances, daemon: null, networks: [], notify: [], fromDisk: 'no daemon runs' } as const;
  expect(
    statusPage({ seen, instances, home: '/h', file: '/f' }, now, plain),
  ).toBe(`For /h no daemon runs; this is what the disk says.
Start it with vaultvisor run --config /f

✖ kintsugi/vault  its child runs on, and nobody looks after it
    release   1.23.8 (0xaaaaaaaa…)
    child     pid 4712, up 2 d 3 h

✖ kintsugi/vault  down
    release   1.23.8 (0xaaaaaaaa…)

✖ kintsugi/vault  nothing runs yet`);
});

test('what servers and chains wrote cannot paint the terminal, nor begin a line', () => {
  const evil = 'bad\u001b[2J\r\n● kintsugi/vault  running, healthy\u202e';
  const page = block({ ...running, ok: false, trouble: evil, current: release('a', evil) });
  expect(page).not.toMatch(/[\u001b\r\u202e]/);
  expect(page.split('\n')).toHaveLength(4);
});

test.each([
  [0, '0 s'],
  [499, '0 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [125_000, '2 min 5 s'],
  [3_600_000, '1 h'],
  [86_399_900, '1 d'],
  [90_061_000, '1 d 1 h'],
])('%d ms are %s', (span, words) => {
  expect(spanWords(span)).toBe(words);
});

test('moments are told for the clock and for the gut', () => {
  expect(momentWords('2026-11-20T12:00:01.000Z', now)).toBe('2026-11-20 12:00:01 UTC (in 1 s)');
  expect(momentWords('2026-11-20T11:00:00.000Z', now)).toBe('2026-11-20 11:00:00 UTC (1 h ago)');
  expect(clockWords('2026-11-20T11:00:00.999Z')).toBe('2026-11-20 11:00:00 UTC');
});

test.each([
  [
    { event: 'announced', checksum: sum('a'), version: '1.0.0', uri: 'https://x', block: 12 },
    'announced    1.0.0 0xaaaaaaaa…, block 12',
  ],
  [
    {
      event: 'quarantined',
      checksum: sum('a'),
      version: null,
      reason: 'code\n1',
      attempts: 1,
      retryAt: '2026-11-20T13:00:00.000Z',
    },
    'quarantined  0xaaaaaaaa…, reason code 1, attempts 1, retry at 2026-11-20T13:00:00.000Z',
  ],
  [
    { event: 'started', checksum: sum('a'), version: '1.0.0', pid: 7, downtime: 8 },
    'started      1.0.0 0xaaaaaaaa…, pid 7, downtime 8 ms',
  ],
  [{ event: 'held', until: null }, 'held'],
  [{ event: 'from-a-newer-version', a: { b: 1 } }, 'from-a-newer-version  a {"b":1}'],
])('a line of the history: %j', (line, words) => {
  const at = { schema: 1, at: '2026-11-20T12:00:00.123Z', network: 'kintsugi', client: 'vault' };
  expect(historyLine({ ...at, ...line }, plain)).toBe(`2026-11-20 12:00:00Z  kintsugi/vault  ${words}`);
});

test('colours only for a terminal whose owner wants them', () => {
  const red = '\u001b[31mx\u001b[39m';
  expect(paintFor({ isTTY: true }, {})('red', 'x')).toBe(red);
  expect(paintFor({}, {})('red', 'x')).toBe('x');
  expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })('red', 'x')).toBe('x');
  expect(paintFor({ isTTY: true }, { TERM: 'dumb' })('red', 'x')).toBe('x');
  expect(paintFor({}, { CLICOLOR_FORCE: '1' })('red', 'x')).toBe(red);
  expect(paintFor({}, { FORCE_COLOR: '1', TERM: 'dumb' })('red', 'x')).toBe(red);
  expect(paintFor({}, { CLICOLOR_FORCE: '0', FORCE_COLOR: '0' })('red', 'x')).toBe('x');
  expect(paintFor({ isTTY: true }, { CLICOLOR_FORCE: '1', NO_COLOR: '1' })('red', 'x')).toBe('x');
});

test('figures and lines', () => {
  expect([grouped(0), grouped(999), grouped(1_000), grouped(12_345_678)]).toEqual(['0', '999', '1 000', '12 345 678']);
  expect(oneLine('a \n b\r\nc')).toBe('a b c');
});

test('check tells what its source says of a release, a line for each part, and nothing where it says nothing', () => {
  const terms = {
    migrations: [
      { kind: 'arguments', checksum: sum('c'), uri: null, to: '1.2.0' },
      { kind: 'data', checksum: sum('d'), uri: null, to: null },
    ],
    missing: ['data'],
    specVersions: [
      [1_019_000, 1_019_003],
      [1_020_000, 1_020_000],
    ],
    urgent: true,
    dataCompatible: true,
  } as const;
  const source = {
    current: { checksum: sum('a'), uri: null, version: '1.3.0', terms },
    pending: { checksum: sum('b'), uri: null, version: null },
    specVersion: 1_019_000,
    block: { number: 7, hash: '0x' },
    trouble: null,
  };
  const one = {
    network: 'kintsugi',
    client: 'vault',
    source,
    runs: null,
    redeem: null,
    because: 'its manifest',
    would: 'it would be started',
    bring: ['`vaultvisor unhold kintsugi/vault`'],
  };
  expect(checkPage([one], plain)).toBe(`kintsugi/vault
    names     1.3.0 (0xaaaaaaaa…), at finalised block 7, runtime 1019000
    because   its manifest
              migrates arguments to 1.2.0 (0xcccccccc…)
              migrates data (0xdddddddd…)
              needs a migration of data that is not named yet
              serves spec versions 1019000-1019003, 1020000
              is urgent
              the release before it can read the data that it leaves
    pending   0xbbbbbbbb…, with the next runtime
    runs      nothing yet
    would     it would be started
    comes     with \`vaultvisor unhold kintsugi/vault\``);
});
