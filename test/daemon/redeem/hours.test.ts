import { describe, expect, test } from 'vitest';
import { isCritical } from '../../../src/daemon/redeem/alarm.ts';
import { differs, type Hours, heard, leftOf } from '../../../src/daemon/redeem/hours.ts';

const minute = 60_000;
const hour = 60 * minute;
const nothing: Hours = { known: null, suspect: null };
const knows = (hours: number, at = 0): Hours => ({ known: { hours, at }, suspect: null });
const doubts = { below: 8, standing: 15 * minute };
const kindOf = (before: Hours, reading: number | string, now = minute) =>
  heard(before, reading, now, doubts).trouble?.kind ?? null;

describe('what is believed', () => {
  test.each([
    ['the first that is no alarm', nothing, 24, minute],
    ['as much less as time has passed', knows(24), 23, hour],
    ['blocks that come twice as fast', knows(24), 14, 5 * hour],
    ['a dozen Bitcoin blocks at once', knows(24), 22, minute],
    ['a payment that was made', knows(3), 24, minute],
    ['nothing left, after it was little', knows(1.5), 0, minute],
    ['anything lower after a day without a word', knows(24), 0, 24 * hour],
  ])('%s', (_what, before, reading, now) => {
    expect(heard(before, reading, now, doubts)).toEqual({
      known: { hours: reading, at: now },
      suspect: null,
      trouble: null,
    });
  });
});

describe('what is not believed changes nothing of what was known', () => {
  test.each([
    ['page', 'the page http://127.0.0.1:9615/metrics answered 404'],
    ['value', -1],
    ['value', Number.NaN],
    ['value', Number.POSITIVE_INFINITY],
    ['value', 1e6],
    ['fall', 0],
    ['fall', 21.9],
  ] as const)('%s: %s', (kind, reading) => {
    expect(kindOf(knows(24), reading)).toBe(kind);
    expect(heard(knows(24), reading, minute, doubts).known).toEqual({ hours: 24, at: 0 });
  });

  test('the 0 of a page that has not asked its chain yet is none either where nothing is known', () => {
    expect(kindOf(nothing, 0)).toBe('fall');
    expect(kindOf(nothing, 7.9)).toBe('fall');
  });
});

describe('a fall that stays', () => {
  const readings = (times: readonly number[], hours: number) =>
    times.reduce<Hours>((before, at) => heard(before, hours, at, doubts), knows(24));

  test('is believed when it has stood', () => {
    expect(readings([0, 5 * minute, 10 * minute, 14.9 * minute], 3).known?.hours).toBe(24);
    expect(readings([0, 5 * minute, 10 * minute, 15 * minute], 3).known).toEqual({ hours: 3, at: 15 * minute });
  });

  test('begins anew after a pause, in which the client may have been started again', () => {
    expect(readings([0, 10 * minute, 26 * minute, 30 * minute], 3).known?.hours).toBe(24);
  });

  test('is forgotten by a reading that can be true', () => {
    const calm = heard(readings([0, 10 * minute], 3), 23.8, 12 * minute, doubts);
    expect(calm).toMatchObject({ known: { hours: 23.8 }, suspect: null });
  });
});

test('what is known counts down, and never below nothing; a clock that was set back makes no time pass', () => {
  expect(leftOf({ hours: 20, at: 0 }, 13 * hour)).toBe(7);
  expect(leftOf({ hours: 20, at: 0 }, 30 * hour)).toBe(0);
  expect(leftOf({ hours: 20, at: 10 * hour }, 0)).toBe(20);
});

test('the record on disk is written when it would say something else', () => {
  const saved = { hours: 20, at: 0 };
  expect(differs(null, saved)).toBe(true);
  expect(differs(saved, { hours: 19.98, at: minute })).toBe(false);
  expect(differs(saved, { hours: 19.9, at: 5 * minute })).toBe(true);
  expect(differs(saved, { hours: 12, at: minute })).toBe(true);
});

describe('critical', () => {
  const rules = { below: 8, minHealthyTime: 5 * minute };
  const known = { hours: 7, at: 0 };
  test.each([
    ['few hours, nothing for long', known, 0, 10 * minute, true],
    ['few hours, nothing for a moment', known, 0, 9.9 * minute, false],
    ['few hours, and it serves', known, null, 10 * hour, false],
    ['hours enough', { hours: 20, at: 0 }, 0, 10 * minute, false],
    ['they were enough when it went', { hours: 20, at: 0 }, 0, 13 * hour, true],
    ['nothing was ever read', null, 0, 100 * hour, false],
  ] as const)('%s', (_what, hours, goneSince, now, is) => {
    expect(isCritical(hours, { goneSince }, rules, now)).toBe(is);
  });

  test('below 0 is never', () => {
    expect(isCritical({ hours: 0, at: 0 }, { goneSince: 0 }, { ...rules, below: 0 }, 100 * hour)).toBe(false);
  });
});
