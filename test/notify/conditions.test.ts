import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Notice } from '../../src/core/notices/notice.ts';
import {
  type Decided,
  decide,
  type Heard,
  type Moment,
  type OpenConditions,
  remind,
} from '../../src/notify/conditions.ts';
import { heardOf } from '../../src/notify/heard.ts';

const vault = { network: 'kintsugi', client: 'vault' };
const minute = 60_000;
const hour = 60 * minute;

const at = (now: number): Moment => ({
  now,
  repeat: 4 * hour,
  host: 'here',
  iso: (time) => new Date(time).toISOString(),
  id: randomUUID,
});

/** A life of one client: what is heard when, and what is said of it. */
function life(...steps: readonly (readonly [number, Notice] | readonly [number])[]): string[] {
  let open: OpenConditions = {};
  const said: string[] = [];
  const take = (now: number, { open: next, messages }: Decided) => {
    open = next;
    for (const { state, severity, event, condition } of messages)
      said.push(`${now / minute} ${state} ${severity} ${condition ?? event}`);
  };
  for (const [now, notice] of steps) {
    if (notice === undefined) take(now, remind(open, at(now)));
    else for (const heard of heardOf(notice, vault)) take(now, decide(open, heard, at(now)));
  }
  return said;
}

describe('conditions', () => {
  test('one that goes on is told once, until its repeat, and then that it is over', () => {
    const endangered = {
      event: 'redeemEndangered',
      hours: 6.5,
      reason: 'nothing healthy serves, and 6.5 hours are left',
    };
    expect(
      life(
        [0, endangered],
        [10 * minute, { ...endangered, hours: 6.3, reason: 'nothing healthy serves, and 6.3 hours are left' }],
        [2 * hour],
        [4 * hour],
        [4 * hour + minute],
        [5 * hour, { event: 'redeemSafe' }],
        [5 * hour, { event: 'redeemSafe' }],
        [9 * hour],
      ),
    ).toEqual(['0 firing critical redeem', '240 firing critical redeem', '300 resolved critical redeem']);
  });

  test('what has changed is told again, but not at every turn', () => {
    const exited = (reason: string) => ({ event: 'exited', final: false, reason });
    expect(
      life(
        [0, exited('exited with status 1')],
        [minute, exited('killed by SIGSEGV')],
        [2 * minute, exited('exited with status 1')],
        [6 * minute, exited('exited with status 3')],
        [7 * minute, exited('killed by SIGSEGV')],
        [8 * minute, { event: 'healthy' }],
      ),
    ).toEqual(['0 firing warning exits', '7 firing warning exits', '8 resolved warning exits']);
  });

  test('a release that fails is one message, and over when another is committed', () => {
    const bad = { version: '1.2.0', checksum: '0xaa' };
    expect(
      life(
        [0, { event: 'failed', ...bad, reason: 'it crashed' }],
        [0, { event: 'quarantined', ...bad, reason: 'it crashed', attempts: 1 }],
        [0, { event: 'rolledBack', by: 'failure' }],
        [minute, { event: 'restarted' }],
        [hour, { event: 'committed', version: '1.3.0', checksum: '0xbb' }],
      ),
    ).toEqual([
      '0 firing warning release',
      '0 told info rolledBack',
      '60 resolved warning release',
      '60 told info committed',
    ]);
  });

  test('a message has an id of its own, the key of its condition, and words that are safe to show', () => {
    const notice = {
      event: 'signedElsewhere',
      reason: `a\u001b[31mred\u202e${'x'.repeat(600)}`,
      block: 7,
      events: [{}],
    };
    const [heard] = heardOf(notice, vault) as [Heard];
    const { messages } = decide({}, heard, at(0));
    expect(messages).toMatchObject([
      {
        schema: 1,
        state: 'firing',
        severity: 'critical',
        key: 'kintsugi/vault#copy',
        since: '1970-01-01T00:00:00.000Z',
        until: '1970-01-01T08:00:00.000Z',
        details: { block: 7 },
        next: 'vaultvisor status kintsugi/vault',
      },
    ]);
    expect(messages[0]?.reason).toMatch(/^a\\x1b\[31mred\\u\{202e\}x+$/);
    expect(messages[0]?.reason?.length).toBe(500);
  });
});
