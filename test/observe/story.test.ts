import { expect, test } from 'vitest';
import { plain } from '../../src/cli/print/paint.ts';
import { chapterText } from '../../src/cli/print/story.ts';
import type { HistoryLine } from '../../src/observe/story/line.ts';
import { storyOf } from '../../src/observe/story/story.ts';

const start = Date.parse('2026-11-20T12:00:00.000Z');
const sum = (digit: string) => `0x${digit.repeat(64)}`;
const of = (digit: string) => ({ checksum: sum(digit), version: `1.${Number.parseInt(digit, 16)}.0`, uri: null });
const laid = (digit: string) => ({ ...of(digit), deployment: `dep-${digit}` });

/** Seconds after noon, the event, and what belongs to it. */
type Told = readonly [after: number, event: string, details?: object];

const lines = (told: readonly Told[]): readonly HistoryLine[] =>
  told.map(([after, event, details = {}]) => ({
    schema: 1,
    at: new Date(start + after * 1_000).toISOString(),
    network: 'kintsugi',
    client: 'vault',
    event,
    ...details,
  }));

const tell = (...told: readonly Told[]) =>
  storyOf(lines(told)).map((chapter) => chapterText(chapter, plain, Number.POSITIVE_INFINITY));

/** The first release runs: what every other story begins with. */
const before: readonly Told[] = [
  [-100, 'announced', { ...of('1'), block: 7 }],
  [-99, 'fetched', laid('1')],
  [-98, 'started', { ...laid('1'), pid: 7, downtime: null }],
  [-50, 'committed', laid('1')],
];
const after = (...told: readonly Told[]) => tell(...before, ...told).slice(1);

test('an update that waits for its window and is committed is one story, with how long each part took', () => {
  expect(
    after(
      [0, 'announced', { ...of('2'), block: 13 }],
      [3, 'fetched', laid('2')],
      [3, 'gateWaits', { ...laid('2'), gate: 'window', reason: 'the maintenance window that opens 14:00' }],
      [7203, 'stopped', { ...laid('1'), reason: 'exited with status 0', uptime: 9 }],
      [7203.1, 'started', { ...laid('2'), pid: 8, downtime: 74 }],
      [7503.1, 'committed', laid('2')],
    ),
  ).toEqual([
    `2026-11-20 12:00:00 UTC  kintsugi/vault  ✔ update to 1.2.0 (0x22222222…)
    named in block 13 → fetched and proved in 3 s → waited 2 h for its maintenance window (the maintenance window that opens 14:00) → switched, down for 74 ms → committed after 5 min`,
  ]);
});

test('one that fails tells why, and what serves again', () => {
  expect(
    after(
      [0, 'announced', { ...of('2'), block: 13 }],
      [1, 'fetched', laid('2')],
      [2, 'stopped', { ...laid('1'), reason: 'exited with status 0', uptime: 9 }],
      [2, 'started', { ...laid('2'), pid: 8, downtime: 26 }],
      [3, 'exited', { ...laid('2'), reason: 'exited with status 1', uptime: 190, final: false }],
      [3, 'restarted', { ...laid('2'), pid: 9, downtime: 500, reason: 'exit' }],
      [4, 'exited', { ...laid('2'), reason: 'exited with status 1', uptime: 190, final: false }],
      [4, 'failed', { ...laid('2'), reason: 'exited with status 1; that was exit 2 of 2' }],
      [4, 'quarantined', { ...laid('2'), reason: 'x', attempts: 1, retryAt: '2026-11-20T13:00:04.000Z' }],
      [4, 'rolledBack', { ...laid('1'), from: 'dep-2', by: 'failure' }],
      [4.1, 'started', { ...laid('1'), pid: 10, downtime: 54 }],
      [7, 'healthy', laid('1')],
    ),
  ).toEqual([
    `2026-11-20 12:00:00 UTC  kintsugi/vault  ✖ update to 1.2.0 (0x22222222…)
    named in block 13 → fetched and proved in 1 s → switched, down for 26 ms → failed after 2 s: exited with status 1; that was exit 2 of 2 → kept out until 2026-11-20 13:00:04 UTC → back to 1.1.0 (0x11111111…) → which is up again, down for 54 ms → healthy`,
  ]);
});

test('an edit that is tried is a story of its own; one that changes no deployment is one line', () => {
  expect(
    after(
      [0, 'configured'],
      [1, 'fetched', { ...of('1'), deployment: 'edited' }],
      [2, 'stopped', { ...laid('1'), reason: 'exited with status 0', uptime: 9 }],
      [2, 'started', { ...of('1'), deployment: 'edited', pid: 8, downtime: 20 }],
      [62, 'committed', { ...of('1'), deployment: 'edited' }],
      [70, 'configured'],
    ),
  ).toEqual([
    `2026-11-20 12:00:00 UTC  kintsugi/vault  ✔ an edit of its settings
    the args file was edited → laid out in 1 s → switched, down for 20 ms → committed after 1 min`,
    '2026-11-20 12:01:10 UTC  kintsugi/vault  · its settings in the args file were edited',
  ]);
});

test('an edit beside a release that is on its way is not taken for it', () => {
  const [release, edit] = after(
    [0, 'announced', { ...of('2'), block: 13 }],
    [1, 'fetched', laid('2')],
    [2, 'started', { ...laid('2'), pid: 8, downtime: 20 }],
    [3, 'configured'],
    [4, 'fetched', { ...of('2'), deployment: 'edited' }],
    [5, 'committed', laid('2')],
    [6, 'started', { ...of('2'), deployment: 'edited', pid: 9, downtime: 21 }],
    [7, 'committed', { ...of('2'), deployment: 'edited' }],
  );
  expect(release).toMatch(/✔ update to 1\.2\.0 .*\n.*switched, down for 20 ms → committed after 3 s$/);
  expect(edit).toMatch(
    /✔ an edit of its settings\n.*laid out in 1 s → switched, down for 21 ms → committed after 1 s$/,
  );
});

test('a pending release comes with its runtime; another named meanwhile is overtaken; a downgrade says what becomes of it', () => {
  const story = after(
    [0, 'pending', { ...of('3'), block: 20 }],
    [2, 'fetched', { ...laid('3'), ahead: true }],
    [10, 'announced', { ...of('2'), block: 21 }],
    [86_400, 'runtime', { specVersion: 2, from: 1 }],
    [86_400, 'announced', { ...of('3'), block: 99 }],
    [86_401, 'started', { ...laid('3'), pid: 9, downtime: 21 }],
    [86_403, 'committed', laid('3')],
    [86_500, 'announced', { ...of('1'), block: 120, downgrade: 'refused' }],
  );
  expect(story[0]).toContain(
    'named for the next runtime in block 20 → fetched and proved ahead of its runtime, in 2 s → named in block 99 after 1 d → switched, down for 21 ms → committed after 2 s',
  );
  expect(story[1]).toContain(
    '· update to 1.2.0 (0x22222222…)\n    named in block 21 → overtaken by 1.3.0 (0x33333333…)',
  );
  expect(story[2]).toContain('· the chain has a new runtime: spec version 2, after 1');
  expect(story[3]).toContain('✖ update to 1.1.0 (0x11111111…)\n    named in block 120, though it is older: refused');
});

test('downloads that fail are counted; what is not over says what it waits for', () => {
  expect(
    after(
      [0, 'announced', { ...of('2'), block: 13 }],
      [1, 'fetchFailed', { deployment: 'dep-2', reason: 'HTTP 404', retryAt: null }],
      [60, 'fetchFailed', { deployment: 'dep-2', reason: 'HTTP 503', retryAt: null }],
      [90, 'fetched', laid('2')],
      [91, 'gateWaits', { ...laid('2'), gate: 'fleetLock', reason: 'another host is updating' }],
    ),
  ).toEqual([
    `2026-11-20 12:00:00 UTC  kintsugi/vault  ▲ update to 1.2.0 (0x22222222…)
    named in block 13 → could not be fetched (2 times): HTTP 503 → fetched and proved in 1 min 30 s → waits for its slot of the fleet (another host is updating)`,
  ]);
});

test('a pin that is taken back before its release began is over; one that runs by then is not', () => {
  const fetched = [
    [0, 'pinned', of('2')],
    [1, 'fetched', laid('2')],
  ] as const;
  expect(after(...fetched, [9, 'unpinned', {}])).toEqual([
    expect.stringMatching(
      /· update to 1\.2\.0 .*\n.*fetched and proved in 1 s → no longer pinned: it follows its source$/,
    ),
  ]);
  const [update, unpinned] = after(
    ...fetched,
    [2, 'started', { ...laid('2'), pid: 8, downtime: 9 }],
    [9, 'unpinned', {}],
  );
  expect(update).toContain('▲ update to 1.2.0');
  expect(unpinned).toContain('· no longer pinned: it follows its source');
});

test('what leaves by itself and comes back is one thing; the same in a row is told once', () => {
  const crash = (at: number): readonly Told[] => [
    [at, 'exited', { ...laid('1'), reason: 'killed by SIGSEGV', uptime: 60_000 + at, final: false }],
    [at + 1, 'restarted', { ...laid('1'), pid: 9 + at, downtime: 1_000, reason: 'exit' }],
  ];
  expect(after(...crash(0), ...crash(100), ...crash(200))).toEqual([
    '2026-11-20 12:00:00 UTC  kintsugi/vault  · left by itself after 1 min: killed by SIGSEGV → started again as pid 209, down for 1 s (3 times, the last at 2026-11-20 12:03:21 UTC)',
  ]);
});

test('an illness and its end are one thing; a stop that a person asked for stands alone', () => {
  expect(
    after(
      [0, 'unhealthy', { ...laid('1'), reason: 'no answer on 9615' }],
      [200, 'healthy', laid('1')],
      [300, 'asked', { to: 'stopped' }],
      [301, 'stopped', { ...laid('1'), reason: 'exited with status 0', uptime: 400_000 }],
      [400, 'asked', { to: 'started' }],
      [401, 'started', { ...laid('1'), pid: 12, downtime: null }],
    ).map((words) => words.slice(41)),
  ).toEqual([
    '· unhealthy: no answer on 9615 → healthy again after 3 min 20 s',
    '· a person said stop',
    '· asked to leave, and left after 6 min 40 s of service: exited with status 0',
    '· a person said start',
    '· 1.1.0 (0x11111111…) started as pid 12',
  ]);
});

test('nothing is lost: a history that begins in the middle, and events of a newer version, are told as they are', () => {
  expect(
    tell(
      [0, 'committed', laid('1')],
      [1, 'quarantined', { ...laid('9'), reason: 'x', attempts: 1, retryAt: null }],
      [2, 'teleported', { to: 'the moon' }],
      [3, 'rolledBack', { ...laid('1'), from: 'unknown', by: 'person' }],
    ).map((words) => words.slice(41)),
  ).toEqual([
    '· 1.1.0 (0x11111111…) is committed',
    '· 1.9.0 (0x99999999…) is kept out: x',
    '· teleported {"to":"the moon"}',
    '✖ back to 1.1.0 (0x11111111…)\n    back to 1.1.0 (0x11111111…), as a person said',
  ]);
});

test('a wall clock that was set back makes no negative span, and a hostile line paints nothing', () => {
  const [story = ''] = after(
    [0, 'announced', { ...of('2'), version: 'v\u001b[2J\n● forged', block: 13 }],
    [-40, 'fetched', laid('2')],
    [-39, 'gateWaits', { ...laid('2'), gate: '\u009b31m', reason: 'a\r\nb\u202e' }],
  );
  expect(story).toContain('fetched and proved in 0 ms');
  expect(story).not.toMatch(/[\u001b\u009b\r\u202e]/);
  expect(story.split('\n')).toHaveLength(2);
});

test('what was left over is not said to be of a daemon that died, which nobody knows; one that is adopted is', () => {
  const story = tell(
    [0, 'orphan', { action: 'ended', pids: [7, 8] }],
    [1, 'orphan', { action: 'refused', pids: [7] }],
    [2, 'orphan', { action: 'adopted', pids: [7] }],
  ).join('\n');
  expect(story).toContain('ended what was left over from before: pid 7, 8');
  expect(story).toContain('what was left over from before is left to a person: pid 7');
  expect(story).toContain('pid 7 of a daemon that died runs on, and is looked after again');
});

test('what a block said is told by event and release, its addresses without keys; another form is shown as it is', () => {
  const event = {
    name: 'ApplyClientRelease',
    phase: 'ApplyExtrinsic',
    ...of('2'),
    uri: 'https://a.example/v?key=s3cret',
  };
  const [story = ''] = tell([
    0,
    'decoded',
    { block: 9, events: [event, { other: 1 }, { name: 'Told', version: null }] },
  ]);
  expect(story).toMatch(
    /block 9 had events of it: ApplyClientRelease 1\.2\.0 \(0x22222222…\), from https:.*; \{"other":1\}; Told$/,
  );
  expect(story).not.toContain('s3cret');
});
