import { expect, test } from 'vitest';
import { plain } from '../../src/cli/print/paint.ts';
import { statusTable } from '../../src/cli/print/table.ts';
import { lengthOf, wrap } from '../../src/cli/print/wrap.ts';
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import { instance, look } from '../support/looks.ts';

const now = Date.parse('2026-11-20T12:00:00.000Z');
const sum = (digit: string) => `0x${digit.repeat(64)}`;
const current = { checksum: sum('a'), version: '1.23.8', uri: null, deployment: 'a'.repeat(64) };
const child = { pid: 4712, startedAt: '2026-11-18T09:00:00.000Z', checksum: sum('a') };
const finalized = { number: 1_234_567, hash: '0x', at: '2026-11-20T11:59:48.000Z' };
const chain = { endpoint: 'wss://node', connected: true, finalized };
const running = { phase: 'running', verdict: 'healthy', current, child, ok: true } as const;
const barred = { checksum: sum('d'), deployment: null, reason: 'it exited 3 times', attempts: 1, retryAt: null };

const table = (instances: readonly InstanceStatus[], columns = 80, rows = 24) => {
  const seen = { ...look([], []), instances, fromDisk: null };
  return statusTable({ seen, instances, home: '/h', file: '/f' }, now, { columns, rows }, plain);
};

const some = [
  instance({ ...running, chain }),
  instance({ ...running, client: 'oracle', ok: false, quarantined: [barred] }),
  instance({
    client: 'faucet',
    next: { ...current, state: 'fetching', retryAt: null, waitsFor: 'the download: 3.0 MiB' },
  }),
];

test('a row for each, what there is to say beside below it, and nothing wider than the terminal', () => {
  expect(table(some)).toEqual([
    'vaultvisor 0.1.0, pid 4711, up 3 h, /var/lib/vaultvisor',
    '1 well, 1 on the way or as a person wants it, 1 to look at',
    '',
    '  CLIENT           STATE                      RELEASE  UP       CHAIN',
    '● kintsugi/vault   running, healthy           1.23.8   2 d 3 h  1 234 567, 12 s',
    '✖ kintsugi/oracle  running, healthy           1.23.8   2 d 3 h  –',
    '    state     running, healthy, but what is named is kept out',
    '    barred    0xdddddddd…: it exited 3 times (tried once); only you let it in',
    '              again: `vaultvisor retry kintsugi/oracle`',
    '▲ kintsugi/faucet  getting its first release  –        –        –',
    '    next      1.23.8 (0xaaaaaaaa…): being fetched, waits for the download: 3.0',
    '              MiB',
    '',
    'q or Ctrl-C ends',
  ]);
});

test.each([
  [80, 24],
  [120, 40],
  [60, 14],
  [40, 8],
  [200, 9],
])('%d columns and %d rows are not exceeded, and every client is named as far as there is room', (columns, rows) => {
  const many = Array.from({ length: 12 }, (_, index) =>
    instance({
      ...running,
      client: `client-${index}`,
      ok: false,
      trouble: 'no endpoint can be read: '.repeat(9),
      chain,
    }),
  );
  const lines = table(many, columns, rows);
  expect(lines.length).toBeLessThanOrEqual(rows);
  expect(lines.filter((line) => lengthOf(line) > columns)).toEqual([]);
  const named = lines.filter((line) => line.startsWith('✖')).length;
  const more = lines.find((line) => line.includes('more: name a network'));
  expect(named + Number(/… and (\d+) more/.exec(more ?? '')?.[1] ?? 0)).toBe(12);
});

test('lines are cut between words, and a command to copy stays whole', () => {
  const text = `    blocked   one two three four: \`kill -INT 7 and more of it\` ends it`;
  expect(wrap(text, 40, 14)).toBe(
    `    blocked   one two three four:\n              \`kill -INT 7 and more of it\`\n              ends it`,
  );
  expect(wrap('short', 40, 4)).toBe('short');
  expect(wrap(`x ${'y'.repeat(90)} z`, 40, 2)).toBe(`x\n  ${'y'.repeat(90)}\n  z`);
});
