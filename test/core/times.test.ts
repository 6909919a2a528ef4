import { describe, expect, it, test } from 'vitest';
import type { Bar, Instance } from '../../src/core/instance.ts';
import { shifted } from '../../src/core/times.ts';
import { announced, doing, instance, naming, now, of, policy, probation, running, slotOf, told } from './given.ts';

const year = 365 * 86_400_000;
const barOf = (until: number): Bar => ({
  by: 'failure',
  of: of('B1'),
  attempts: 1,
  reason: '',
  wait: { for: 'time', until },
});
const fetching = (retryAt: number): Instance['next'] => ({
  at: 'fetching',
  deployment: of('B1'),
  attempt: 3,
  retryAt,
  reason: '',
});
const booted = (more: Partial<Instance>) => told(instance(more), [{ type: 'booted' }]);
const untilOf = ({ bars: [bar] }: Instance) => (bar?.by === 'failure' && 'until' in bar.wait ? bar.wait.until : null);

describe('a time read from disk is cut to now + its own longest', () => {
  it.each([
    [
      'the window after a commit',
      booted({ slot: running('A1', { youngUntil: now + year }) }).slot,
      { youngUntil: now + policy.rollbackWindow },
    ],
    [
      'a download',
      booted({ chain: naming('B'), next: fetching(now + year) }).next,
      { retryAt: now + policy.download.max, attempt: 3 },
    ],
    [
      'a restore',
      booted({ slot: { at: 'reverting', to: running('A1'), update: 'u', data: null, attempt: 2, retryAt: now + year } })
        .slot,
      { retryAt: now + policy.restart.max },
    ],
    [
      'a hold',
      booted({
        said: { held: { since: now + year, until: now + year + 50 }, stopped: false, pinned: null, approved: [] },
      }).said.held,
      { since: now, until: now + 50 },
    ],
    [
      'a hold that ends before it began',
      booted({ said: { held: { since: now + 9, until: now + 5 }, stopped: false, pinned: null, approved: [] } }).said
        .held,
      { until: now },
    ],
  ])('%s', (_, found, cut) => {
    expect(found).toMatchObject(cut);
  });

  it('a quarantine', () => {
    expect(untilOf(booted({ bars: [barOf(now + year)] }))).toBe(now + policy.retry.max);
  });

  it('but what is nearer, past or without an end stays as it is', () => {
    expect(booted({ slot: running('A1', { youngUntil: now + 5 }) }).slot).toMatchObject({ youngUntil: now + 5 });
    expect(untilOf(booted({ bars: [barOf(now - year)] }))).toBe(now - year);
    const forEver = { held: { since: now - 5, until: null }, stopped: false, pinned: null, approved: [] };
    expect(booted({ said: forEver }).said).toEqual(forEver);
  });
});

test('what people are shown is on their clock: every time is ahead by as much, and nothing else is another', () => {
  const held = { since: now - 5, until: now + 50 };
  const i = instance({
    slot: running('A1', { youngUntil: now + 5 }),
    next: fetching(now + 7),
    bars: [barOf(now + 9)],
    said: { held, stopped: false, pinned: null, approved: [] },
  });
  const shown = shifted(i, year);
  expect(shown).toMatchObject({
    slot: { youngUntil: now + 5 + year },
    next: { retryAt: now + 7 + year, attempt: 3 },
    said: { held: { since: now - 5 + year, until: now + 50 + year } },
  });
  expect(untilOf(shown)).toBe(now + 9 + year);
  expect(shifted(shown, -year)).toEqual(i);
  expect(shifted(i, 0)).toEqual(i);
});

describe('a time that has come is struck out', () => {
  it('and one in the past is slept on, so that it is', () => {
    const i = instance({ slot: running('A1'), chain: naming('B'), bars: [barOf(now - year)] });
    expect(doing(i)).toContain(`sleep ${now - year}`);
    const woken = told(i, [{ type: 'woke' }]);
    expect(woken.bars).toMatchObject([{ attempts: 1, wait: { for: 'nothing' } }]);
    expect(doing(woken)).toEqual(['run A1', 'watch A1', 'download B1']);
  });

  it('but not a moment before', () => {
    const i = instance({ slot: running('A1'), chain: naming('B'), bars: [barOf(now + 1)] });
    expect(told(i, [{ type: 'woke' }])).toEqual(i);
  });

  it('and the deadline of a probation counts neither the time the supervisor was away nor that of a stop', () => {
    const long = instance({ slot: probation('A1', { since: now - year }), chain: naming('A') });
    expect(told(long, [{ type: 'booted' }]).slot).toMatchObject({ since: now, boots: 1 });
    const stopped = { ...long, said: { ...long.said, stopped: true } };
    expect(told(stopped, [{ type: 'started' }]).slot).toMatchObject({ since: now, boots: 0 });
    expect(told(long, [{ type: 'started' }])).toBe(long);
    expect(told(long, [announced('A', { specVersion: 2 })]).slot).toMatchObject({ since: now });
    expect(slotOf(told(long, [announced('A')]))).toBe('probation A1 unknown');
  });
});
