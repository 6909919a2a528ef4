import { describe, expect, test } from 'vitest';
import { isOpen, nextStart, type Window, windowGate } from '../../src/gate/windows.ts';

const HOUR = 3_600_000;
const at = (text: string) => Date.parse(text);
const berlin = (cron: string, hours = 4): Window => ({ cron, for: hours * HOUR, zone: 'Europe/Berlin' });
const starts = (window: Window, from: string, count: number) => {
  let time = at(from);
  return Array.from({ length: count }, () => {
    time = nextStart(window, time) ?? Number.NaN;
    return new Date(time).toISOString().slice(0, 16);
  });
};

// Berlin: on 2027-03-28 the clocks go from 02:00 to 03:00, on 2027-10-31 from 03:00 back to 02:00
describe('over the changes of the clocks', () => {
  test.each([
    [
      'a window that begins in the missing hour begins at its end',
      '30 2 * * *',
      '2027-03-27T12:00Z',
      ['2027-03-28T01:00', '2027-03-29T00:30'],
    ],
    ['at its first minute too', '0 2 * * *', '2027-03-27T12:00Z', ['2027-03-28T01:00', '2027-03-29T00:00']],
    [
      'several hours of a day are times of the day, not a beat',
      '0 2,14 * * *',
      '2027-03-27T20:00Z',
      ['2027-03-28T01:00', '2027-03-28T12:00'],
    ],
    ['one before it begins as ever', '30 1 * * *', '2027-03-27T12:00Z', ['2027-03-28T00:30', '2027-03-28T23:30']],
    [
      'a window in the doubled hour begins once, with the first',
      '30 2 * * *',
      '2027-10-30T12:00Z',
      ['2027-10-31T00:30', '2027-11-01T01:30'],
    ],
    ['at its first minute too, in autumn', '0 2 * * *', '2027-10-30T12:00Z', ['2027-10-31T00:00', '2027-11-01T01:00']],
  ])('%s', (_, cron, from, expected) => {
    expect(starts(berlin(cron), from, 2)).toEqual(expected);
  });

  test.each([
    // 02:00 to 04:00 by the wall would be one hour of time in spring and three in autumn
    ['spring: two hours of time from 03:00 on', '2027-03-28', '2027-03-28T01:00Z', '2027-03-28T03:00Z'],
    [
      'autumn: two hours of time, which end at 03:00 of the second',
      '2027-10-31',
      '2027-10-31T00:00Z',
      '2027-10-31T02:00Z',
    ],
  ])('its length is elapsed time: %s', (_, __, first, end) => {
    const window = berlin('0 2 * * *', 2);
    const open = (time: number) => isOpen(window, time);
    expect([open(at(first) - 1), open(at(first)), open(at(end) - 1), open(at(end))]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('a window over midnight and over the doubled hour stays open through it', () => {
    const window = berlin('0 23 * * 6', 6);
    const hours = Array.from({ length: 8 }, (_, hour) => isOpen(window, at('2027-10-30T20:30Z') + hour * HOUR));
    expect(hours).toEqual([false, true, true, true, true, true, true, false]);
  });
});

test('weekdays are those of the zone', () => {
  const window: Window = { cron: '0 1 * * 1', for: HOUR, zone: 'Pacific/Auckland' };
  expect(starts(window, '2026-11-20T00:00Z', 1)).toEqual(['2026-11-22T12:00']);
});

test('without a window it is always open', () => {
  expect(windowGate([], 0)).toEqual({ is: 'open' });
});

test('open in any of several; else it says which opens first, in the zone of that one', () => {
  const windows = [berlin('0 2 * * 1-5'), { ...berlin('0 12 * * 6', 2), zone: 'UTC' }];
  expect(windowGate(windows, at('2026-11-21T12:30Z')).is).toBe('open');
  expect(windowGate(windows, at('2026-11-23T02:30Z')).is).toBe('open');
  expect(windowGate(windows, at('2026-11-21T11:00Z'))).toMatchObject({
    for: 'the maintenance window that opens Sat 2026-11-21 12:00 UTC',
  });
  expect(windowGate(windows, at('2026-11-21T14:00Z'))).toEqual({
    is: 'waits',
    for: 'the maintenance window that opens Mon 2026-11-23 02:00 Europe/Berlin',
    again: 60_000,
  });
});

test('it is asked again when the window opens, and not a minute later', () => {
  const verdict = windowGate([berlin('0 2 * * *')], at('2026-11-21T00:59:50Z'));
  expect(verdict).toMatchObject({ is: 'waits', again: 10_000 });
});
