import { describe, expect, it } from 'vitest';
import type { Bar, Former } from '../../src/core/instance.ts';
import {
  announced,
  doing,
  id,
  instance,
  naming,
  nextOf,
  now,
  of,
  probation,
  running,
  slotOf,
  told,
  wanted,
} from './given.ts';
import { release, settingsOf } from './walk/names.ts';

const former: readonly Former[] = [{ deployment: of('A1'), data: null }];
const failed: Bar = { by: 'failure', of: of('B1'), attempts: 1, reason: '', wait: { for: 'time', until: now + 9 } };
const runtime = (name: string, specVersion: number | null) => announced(name, { specVersion });

describe('the runtime', () => {
  it('that is learnt late asks for a proof, and forgets no failure', () => {
    const i = instance({
      slot: running('A1'),
      chain: naming('B', { specVersion: null }),
      proven: { A: [] },
      bars: [failed],
    });
    const learnt = told(i, [runtime('B', 7)]);
    expect([slotOf(learnt), learnt.bars, learnt.chain.urgent]).toEqual(['running A1 unknown', [failed], null]);
    expect(told(learnt, [{ type: 'healthy', of: id('A1') }]).proven).toEqual({ A: [7] });
  });

  it('that changes forgets failures, and each verdict but that of what is down', () => {
    const i = instance({ slot: running('A1'), chain: naming('B'), proven: { A: [1] }, bars: [failed] });
    expect([slotOf(told(i, [runtime('B', 2)])), told(i, [runtime('B', 2)]).bars]).toEqual(['running A1 unknown', []]);
    const down = { ...i, slot: running('A1', { verdict: 'down' as const }) };
    expect(slotOf(told(down, [runtime('B', 2)]))).toBe('running A1 down');
  });

  it('that a source no longer tells stays the last that was known', () => {
    const i = instance({ slot: running('A1'), chain: naming('A'), proven: { A: [1] } });
    const heard = told(i, [runtime('A', null)]);
    expect([heard.chain.specVersion, slotOf(heard)]).toEqual([1, 'running A1 healthy']);
  });
});

describe('a release that comes with the runtime', () => {
  const before = instance({
    slot: running('A1'),
    chain: naming('A', { pending: release('B'), upgradeAhead: true }),
    proven: { A: [1] },
  });
  const enacted = announced('B', { specVersion: 2, ready: [id('B1')] });
  const urgent = told(before, [enacted]);

  it('goes at once, before the verdict on what it relieves', () => {
    expect([nextOf(urgent), doing(urgent)]).toEqual(['staged B1', ['run A1', 'watch A1', 'gate B1']]);
    expect(slotOf(told(urgent, [{ type: 'cleared', of: id('B1') }]))).toBe('probation B1 unknown');
  });

  it('and waits where that is proven already', () => {
    const proven = told(before, [
      { ...enacted, ready: [] },
      { type: 'healthy', of: id('A1') },
      { type: 'fetched', of: id('B1') },
    ]);
    expect(doing(proven)).toContain('gate B1');
    expect(doing({ ...proven, slot: running('A1', { verdict: 'unknown' }) })).not.toContain('gate B1');
  });

  it('that was named before is not urgent', () => {
    expect(told({ ...before, chain: naming('B') }, [enacted]).chain.urgent).toBeNull();
  });

  it('and fails without a way back stays, is started again, and gives way to the next or to its own edit', () => {
    const bad = told(urgent, [
      { type: 'cleared', of: id('B1') },
      { type: 'unhealthy', of: id('B1'), reason: 'sick' },
    ]);
    expect([slotOf(bad), bad.bars, doing(bad)]).toEqual(['probation B1 unhealthy', [], ['run B1', 'watch B1']]);
    const edit = told(bad, [
      { type: 'configured', settings: settingsOf(2), initial: null },
      { type: 'fetched', of: id('B2') },
    ]);
    expect(doing(edit)).toContain('gate B2');
    const back = told(bad, [announced('A', { specVersion: 2, ready: [id('A1')] }), { type: 'cleared', of: id('A1') }]);
    expect([slotOf(back), back.bars]).toMatchObject(['probation A1 unknown', [{ of: of('B1'), attempts: 1 }]]);
  });
});

describe('what is pending', () => {
  const i = instance({ slot: running('A1'), chain: naming('A', { pending: release('B') }), proven: { A: [1] } });
  const ahead = (more: Partial<typeof i>) => wanted({ ...i, ...more }).some((task) => task.do === 'prefetch');

  it.each([
    ['is fetched ahead', {}, true],
    ['though it failed under the present runtime', { bars: [failed] }, true],
    [
      'but not where a person refused it',
      { bars: [{ by: 'person', checksum: 'B', deployment: null } as const] },
      false,
    ],
    ['nor where it has the slot', { slot: probation('B1'), formers: former }, false],
    ['nor where it is next anyway', { next: { at: 'staged', deployment: of('B1'), since: now } as const }, false],
    [
      'the running release under other settings is',
      { config: { settings: settingsOf(2), initial: null }, chain: naming('A', { pending: release('A') }) },
      true,
    ],
  ])('%s', (_, more, isFetched) => {
    expect(ahead(more)).toBe(isFetched);
  });
});
