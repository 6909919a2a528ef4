import { describe, expect, it } from 'vitest';
import type { InstanceEvent } from '../../src/core/events.ts';
import type { Bar, Instance } from '../../src/core/instance.ts';
import { isBarred } from '../../src/core/questions.ts';
import { announced, id, instance, naming, nextOf, now, of, policy, probation, running, slotOf, told } from './given.ts';

const proven = { A: [1] };
const formers = [{ deployment: of('A1'), data: null }];
const sick = (l: string): InstanceEvent => ({ type: 'unhealthy', of: id(l), reason: 'sick' });
const bar = (l: string, attempts: number): Bar => ({
  by: 'failure',
  of: of(l),
  attempts,
  reason: 'before',
  wait: { for: 'nothing' },
});
const onTrial = (more: Partial<Instance> = {}) =>
  instance({ slot: probation('B1'), formers, proven, chain: naming('B'), ...more });

describe('a failure is barred on its schedule, and at last for a person', () => {
  it.each([
    ['the first', [], 1, { for: 'time', until: now + 1_000 }],
    ['the second', [bar('B1', 1)], 2, { for: 'time', until: now + 2_000 }],
    ['the last', [bar('B1', 2)], 3, { for: 'person' }],
    ['one more', [bar('B1', 3)], 3, { for: 'person' }],
    [
      'of a release that was never healthy, under other settings too',
      [bar('B2', 1)],
      2,
      { for: 'time', until: now + 2_000 },
    ],
    ['beside that of another release', [bar('C1', 2)], 1, { for: 'time', until: now + 1_000 }],
  ])('%s', (_, bars, attempts, wait) => {
    const failed = told(onTrial({ bars }), [sick('B1')]);
    expect(slotOf(failed)).toBe('running A1 unknown');
    expect(failed.bars.at(-1)).toMatchObject({ of: of('B1'), attempts, reason: 'sick', wait });
    expect(failed.bars.filter((b) => b.by === 'failure' && b.of.id === id('B1'))).toHaveLength(1);
  });

  it('and what was ever healthy is not blamed for an edit', () => {
    const edited = instance({ slot: probation('A2'), formers, proven, chain: naming('A'), bars: [bar('A1', 2)] });
    expect(told(edited, [sick('A2')]).bars.at(-1)).toMatchObject({ of: of('A2'), attempts: 1 });
  });

  it('with no attempts at all a person is asked at once', () => {
    const failed = told(onTrial(), [sick('B1')], now, { retry: { ...policy.retry, attempts: 0 } });
    expect(failed.bars).toMatchObject([{ attempts: 0, wait: { for: 'person' } }]);
  });
});

describe('a bar is lifted', () => {
  const barred = told(onTrial(), [sick('B1')]);

  it.each<[string, InstanceEvent, string | null]>([
    ['by nothing else', { type: 'healthy', of: id('A1') }, null],
    ['not by another’s forgiveness', { type: 'forgiven', checksum: 'C' }, null],
    ['by a person', { type: 'forgiven', checksum: 'B' }, 'fetching B1'],
    ['with all others', { type: 'forgiven', checksum: null }, 'fetching B1'],
    ['by a pin', { type: 'pinned', release: of('B1').release, forever: false }, 'fetching B1'],
    ['by a new runtime', announced('B', { specVersion: 2 }), 'fetching B1'],
    ['not by the same said again', announced('B'), null],
  ])('%s', (_, event, next) => {
    expect(nextOf(told(barred, [event]))).toBe(next);
  });

  it('by its time, and keeps its count', () => {
    const due = told(barred, [{ type: 'woke' }], now + 1_000);
    expect(nextOf(due)).toBe('fetching B1');
    expect(due.bars).toMatchObject([{ attempts: 1, wait: { for: 'nothing' } }]);
    expect(nextOf(told(barred, [{ type: 'woke' }], now + 999))).toBeNull();
  });

  it('by its commit, with its count', () => {
    const again = onTrial({ bars: [bar('B1', 2)] });
    expect(told(again, [{ type: 'healthy', of: id('B1') }]).bars).toEqual([]);
  });
});

describe('the control group', () => {
  it('that fails too excuses what failed before it, at the latest until its time', () => {
    const failed = told(onTrial(), [sick('B1'), sick('A1')]);
    expect(failed.bars).toMatchObject([{ attempts: 1, wait: { for: 'former', until: now + 1_000 } }]);
    expect(nextOf(failed)).toBeNull();
    expect(nextOf(told(failed, [{ type: 'healthy', of: id('A1') }]))).toBe('fetching B1');
    expect(nextOf(told(failed, [{ type: 'woke' }], now + 1_000))).toBe('fetching B1');
  });

  it('that fails later excuses nothing', () => {
    const failed = told(onTrial(), [sick('B1'), { type: 'healthy', of: id('A1') }, sick('A1')]);
    expect(failed.bars).toMatchObject([{ wait: { for: 'time' } }]);
  });

  it('never excuses what waits for a person', () => {
    const failed = told(onTrial({ bars: [bar('B1', 2)] }), [sick('B1'), sick('A1'), { type: 'healthy', of: id('A1') }]);
    expect(failed.bars).toMatchObject([{ wait: { for: 'person' } }]);
  });
});

describe('a person’s no', () => {
  it('is to the checksum, under any settings and any runtime', () => {
    const no = told(instance({ slot: running('B1'), formers, proven: { A: [1], B: [1] }, chain: naming('B') }), [
      { type: 'rejected' },
    ]);
    expect(slotOf(no)).toBe('running A1 unknown');
    expect(isBarred(no, of('B2'))).toBe(true);
    expect(told(no, [announced('B', { specVersion: 2 })]).bars).toEqual(no.bars);
    expect(told(no, [{ type: 'woke' }], now * 1_000).bars).toEqual(no.bars);
  });

  it('is, of an edit, to the deployment', () => {
    const no = told(instance({ slot: running('A2'), formers, proven, chain: naming('A') }), [{ type: 'rejected' }]);
    expect(isBarred(no, of('A2'))).toBe(true);
    expect(isBarred(no, of('A1'))).toBe(false);
  });

  it('is refused where no way leads back', () => {
    const alone = instance({ slot: running('B1'), chain: naming('B'), proven: { B: [1] } });
    expect(told(alone, [{ type: 'rejected' }])).toBe(alone);
  });
});
