import { describe, expect, it } from 'vitest';
import type { InstanceEvent } from '../../src/core/events.ts';
import type { Bar, Former, Instance } from '../../src/core/instance.ts';
import { unfit } from '../../src/core/unfit.ts';
import {
  announced,
  doing,
  id,
  instance,
  naming,
  nextOf,
  now,
  of,
  policy,
  probation,
  running,
  slotOf,
  told,
  wanted,
} from './given.ts';
import { checksumOf, release, settingsOf } from './walk/names.ts';

const noTerms = { migrations: [], missing: [], specVersions: [], urgent: false, dataCompatible: false };

const former: readonly Former[] = [{ deployment: of('A1'), data: null }];
const failed: Bar = { by: 'failure', of: of('B1'), attempts: 1, reason: '', wait: { for: 'time', until: now + 9 } };
const runtime = (name: string, specVersion: number | null) => announced(name, { specVersion });

describe('a new runtime that starts the child again', () => {
  const restarting = { restartOnSpecVersion: true };
  const before = instance({
    slot: running('A1'),
    proven: { A: [1] },
    chain: naming('A', { pending: release('B'), upgradeAhead: true }),
  });
  const turn = (i: Instance) => i.volatile.turn - before.volatile.turn;
  const upgraded = announced('B', { specVersion: 2 });

  it('starts what stays, once', () => {
    const after = told(before, [announced('A', { specVersion: 2 })], now, restarting);
    expect(turn(after)).toBe(1);
    expect(turn(told(after, [announced('A', { specVersion: 2 })], now, restarting))).toBe(1);
    expect(turn(told(before, [announced('A', { specVersion: 2 })]))).toBe(0);
  });

  it('not what leaves at once for the release that came with it', () => {
    expect(turn(told(before, [upgraded], now, restarting))).toBe(0);
  });

  it.each<[string, readonly InstanceEvent[], Partial<typeof policy>]>([
    ['a person holds it', [{ type: 'held', until: null }], {}],
    ['a person pinned what runs', [{ type: 'pinned', release: release('A'), forever: true }], {}],
    ['nobody has approved it', [], { approval: true }],
    ['a list forbids it', [], { forbids: () => 'which deny names' }],
  ])('but where that must wait it is started: %s', (_, events, more) => {
    const patience = { ...restarting, ...more };
    const waiting = told(before, events, now, patience);
    expect(turn(told(waiting, [upgraded], now, patience))).toBe(1);
  });
});

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

describe('a program that says which spec versions it serves', () => {
  const asks = { asks: '--spec-versions' };
  const answer = (specVersions: readonly (readonly [number, number])[], asked = asks.asks) => ({
    checksum: checksumOf('B1'),
    asked,
    specVersions,
  });
  const before = instance({ slot: running('A1'), chain: naming('A'), proven: { A: [1] } });
  const fetched = (specVersions: readonly (readonly [number, number])[], asked?: string): InstanceEvent => ({
    type: 'fetched',
    of: id('B1'),
    answer: answer(specVersions, asked),
  });
  const waiting = told(before, [announced('B'), fetched([[2, 3]])], now, asks);

  it('waits where it does not serve the present one, is told so, and is kept ready', () => {
    expect(nextOf(waiting)).toBeNull();
    expect(unfit(waiting, release('B'), { ...policy, ...asks })).toBe(
      'it serves the spec versions 2–3, and the chain has 1',
    );
    expect(doing(waiting, asks)).toEqual(['run A1', 'watch A1', 'prefetch B1']);
    expect(waiting.answers).toEqual({ B: { asked: '--spec-versions', specVersions: [[2, 3]] } });
  });

  it('enters with the runtime that it serves, at once', () => {
    const upgraded = told(waiting, [announced('B', { specVersion: 2, ready: [id('B1')] })], now, asks);
    expect([nextOf(upgraded), upgraded.chain.urgent, doing(upgraded, asks)]).toEqual([
      'staged B1',
      'B',
      ['run A1', 'watch A1', 'gate B1'],
    ]);
  });

  it('enters where it serves the present one', () => {
    expect(nextOf(told(before, [announced('B'), fetched([[0, 1]])], now, asks))).toBe('staged B1');
  });

  it('is believed only as it was asked, and after its source', () => {
    expect(nextOf(told(before, [announced('B'), fetched([[2, 3]], '--specs')], now, asks))).toBe('staged B1');
    expect(nextOf(told(waiting, [{ type: 'configured', settings: settingsOf(1), initial: null }]))).toBe('fetching B1');
    const terms = { ...noTerms, specVersions: [[1, 1]] as const };
    const named = announced('B', { current: { ...release('B'), terms } });
    expect(nextOf(told(waiting, [named], now, asks))).toBe('fetching B1');
  });

  it('says it also of a pending release, and of one that is no longer wanted', () => {
    const late = told(before, [{ type: 'prefetched', of: id('B1'), answer: answer([[2, 2]]) }], now, asks);
    expect(late.answers['B']?.specVersions).toEqual([[2, 2]]);
    expect(doing(late, asks)).toEqual(doing(before, asks));
    // said again it is no news
    expect(told(late, [{ type: 'prefetched', of: id('B1'), answer: answer([[2, 2]]) }], now, asks)).toBe(late);
  });

  it('is forgotten behind 255 others', () => {
    const others = Array.from({ length: 256 }, (_, n) => `other ${n}`);
    const many = told(
      waiting,
      others.map((checksum) => ({
        type: 'prefetched',
        of: 'another',
        answer: { checksum, asked: asks.asks, specVersions: [[1, 1]] },
      })),
      now,
      asks,
    );
    expect(Object.keys(many.answers)).toEqual(others);
  });
});

describe('what a source says anew of a release that is being prepared', () => {
  const data = (checksum: string) => ({ kind: 'data', checksum, uri: null, to: null }) as const;
  const saying = (more: object, ready: readonly string[] = []) =>
    announced('B', { current: { ...release('B'), terms: { ...noTerms, ...more } }, ready });
  const serving = instance({ slot: running('A1'), chain: naming('A'), proven: { A: [1] } });
  const fetched: InstanceEvent = { type: 'fetched', of: id('B1') };
  const needs = (i: Instance) =>
    wanted(i).flatMap((task) => ('needs' in task ? task.needs.map((m) => m.checksum) : []));

  it('a migration of its data is fetched before it is staged again, whatever lies ready', () => {
    const staged = told(serving, [saying({}), fetched]);
    expect(nextOf(staged)).toBe('staged B1');
    const more = told(staged, [saying({ migrations: [data('m')] }, [id('B1')])]);
    expect([nextOf(more), needs(more)]).toEqual(['fetching B1', ['m']]);
    const moving = told(more, [fetched, { type: 'cleared', of: id('B1') }]);
    expect(moving.slot).toMatchObject({ at: 'switching', migrations: [data('m')] });
  });

  it('one that it missed lets it in by its bytes, not by what lay ready without them', () => {
    const missing = told(serving, [saying({ missing: ['data'] })]);
    expect([nextOf(missing), doing(missing)]).toEqual([null, ['run A1', 'watch A1', 'prefetch B1']]);
    const there = told(missing, [saying({ migrations: [data('m')] }, [id('B1')])]);
    expect([nextOf(there), needs(there)]).toEqual(['fetching B1', ['m']]);
  });

  it('whose bytes may be on their way just now', () => {
    const again = told(serving, [
      saying({ migrations: [data('m')] }),
      saying({ migrations: [data('m')], urgent: true }, [id('B1')]),
    ]);
    expect([nextOf(again), needs(again)]).toEqual(['fetching B1', ['m']]);
    const heard = told(again, [announced('B', { current: again.chain.named, upgradeAhead: true, ready: [id('B1')] })]);
    expect(nextOf(heard)).toBe('fetching B1');
  });

  it('its urgency is asked of the gates', () => {
    const urgent = told(serving, [saying({}), fetched, saying({ urgent: true }), fetched]);
    expect(wanted(urgent)).toContainEqual(expect.objectContaining({ do: 'gate', urgent: true }));
  });

  it('that a migration is taken back keeps it from nothing', () => {
    const taken = told(serving, [saying({ migrations: [data('m')] }), fetched, saying({}), fetched]);
    expect(slotOf(told(taken, [{ type: 'cleared', of: id('B1') }]))).toBe('probation B1 unknown');
  });

  it('the same said again is no news', () => {
    const staged = told(serving, [saying({ migrations: [data('m')] }), fetched]);
    expect(told(staged, [saying({ migrations: [data('m')] })])).toBe(staged);
  });

  it('of what runs its terms are those of now, for the way back from it', () => {
    const compatible = told(instance({ slot: running('B1'), chain: naming('B') }), [saying({ dataCompatible: true })]);
    expect(compatible.slot).toMatchObject({
      at: 'running',
      deployment: { release: { terms: { dataCompatible: true } } },
    });
    expect(told(compatible, [announced('A')]).slot).toEqual(compatible.slot);
    expect(told(compatible, [announced('B')]).slot).toEqual(running('B1'));
  });
});
