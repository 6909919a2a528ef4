import { describe, expect, test } from 'vitest';
import { ageGate, rolloutGate, share } from '../../src/gate/age.ts';
import { conditionGate } from '../../src/gate/conditions.ts';
import { drainGate, type End } from '../../src/gate/drain.ts';
import { fleetId } from '../../src/gate/fleet-lock/id.ts';
import { metricGate } from '../../src/gate/metric.ts';
import { unlessUrgent } from '../../src/gate/urgent.ts';
import { open, waits } from '../../src/gate/verdict.ts';
import { checksum } from '../support/deployments.ts';

const HOUR = 3_600_000;
const begin = Date.parse('2026-11-21T12:00:00Z');
const moment = (since = 0, drift = 0) => ({ now: begin + since, drift });

describe('the conditions on the chain', () => {
  const min = { specVersion: { is: 'min', version: 20 }, block: null } as const;
  const exact = { specVersion: { is: 'exact', version: 20 }, block: null } as const;
  const both = { specVersion: { is: 'min', version: 20 }, block: 500 } as const;
  test.each([
    [{ specVersion: null, block: null }, null, 'open'],
    [min, { specVersion: 19, block: 1 }, 'waits'],
    [min, { specVersion: 20, block: 1 }, 'open'],
    [min, { specVersion: 21, block: 1 }, 'open'],
    [exact, { specVersion: 19, block: 1 }, 'waits'],
    [exact, { specVersion: 20, block: 1 }, 'open'],
    [exact, { specVersion: 21, block: 1 }, 'waits'],
    [both, { specVersion: 20, block: 499 }, 'waits'],
    [both, { specVersion: 19, block: 500 }, 'waits'],
    [both, { specVersion: 20, block: 500 }, 'open'],
    [min, null, 'waits'],
    [both, { specVersion: null, block: null }, 'waits'],
  ])('%j at %j: %s', (conditions, head, is) => {
    expect(conditionGate(conditions, head).is).toBe(is);
  });

  test('says both that are missing, and what is there', () => {
    expect(conditionGate(both, { specVersion: 19, block: 7 })).toMatchObject({
      for: 'spec version 20 or higher (the chain has 19) and finalised block 500 (the chain has 7)',
    });
    expect(conditionGate(both, null)).toMatchObject({
      for: 'spec version 20 or higher (the chain has not been read) and finalised block 500 (the chain has not been read)',
    });
  });
});

describe('minAge', () => {
  test('waits until the release is so old, and tells the wall clock’s time', () => {
    expect(ageGate(HOUR, begin, moment())).toEqual({
      is: 'waits',
      for: 'the release to be old enough (gates.minAge): 2026-11-21T13:00:00Z',
      again: HOUR,
    });
    expect(ageGate(HOUR, begin, moment(0, 60_000))).toMatchObject({ for: expect.stringContaining('13:01:00Z') });
    expect(ageGate(HOUR, begin, moment(HOUR))).toEqual(open);
  });
});

describe('the rollout', () => {
  const one = checksum('a release');

  test('a window of nothing is a canary', () => {
    expect(rolloutGate({ window: 0, group: 'any' }, one, begin, moment())).toEqual(open);
  });

  test('each host has the same share for ever, another than its neighbour, and another for the next release', () => {
    expect(share(one, 'host-1')).toBe(share(one, 'host-1'));
    expect(share(one, 'host-1')).not.toBe(share(one, 'host-2'));
    expect(share(one, 'host-1')).not.toBe(share(checksum('the next'), 'host-1'));
  });

  test('the shares of many hosts lie evenly in the window', () => {
    const tenths = new Array<number>(10).fill(0);
    for (let host = 0; host < 10_000; host += 1) tenths[Math.floor(share(one, `host-${host}`) * 10)]! += 1;
    expect(Math.min(...tenths)).toBeGreaterThan(850);
    expect(Math.max(...tenths)).toBeLessThan(1_150);
  });

  test('it opens at its share of the window, counted from when the release was heard of', () => {
    const rollout = { window: 10 * HOUR, group: 'host-1' };
    const due = Math.floor(share(one, 'host-1') * 10 * HOUR);
    expect(rolloutGate(rollout, one, begin, moment(due - 1)).is).toBe('waits');
    expect(rolloutGate(rollout, one, begin, moment(due))).toEqual(open);
  });
});

describe('a metric', () => {
  const failure = 'metric redeem_count is 2 (at most 0)';

  test('open when it holds; else it says why, and until when at most', () => {
    expect(metricGate(null, false, HOUR, begin, moment())).toEqual(open);
    expect(metricGate(failure, false, HOUR, begin, moment())).toMatchObject({
      is: 'waits',
      for: `${failure}; until 2026-11-21T13:00:00Z at most`,
    });
  });

  test('after so long it opens, and says in spite of what', () => {
    expect(metricGate(failure, false, HOUR, begin, moment(HOUR))).toEqual({
      is: 'open',
      although: `${failure}; it was waited for as long as gates.metrics says`,
    });
  });

  test('it does not wait for the word of a client that is unhealthy and does not say; one that says is heard', () => {
    expect(metricGate(failure, true, HOUR, begin, moment())).toEqual({
      is: 'open',
      although: `${failure}; the client is unhealthy and does not say`,
    });
    expect(metricGate(null, true, HOUR, begin, moment())).toEqual(open);
  });

  test('it is asked again at its end, not after it', () => {
    expect(metricGate(failure, false, HOUR, begin, moment(HOUR - 3_000))).toMatchObject({ again: 3_000 });
  });
});

describe('a drain', () => {
  const ended = (code: number | null, lastLine = '', killedBy: string | null = null): End => ({
    code,
    killedBy,
    lastLine,
  });
  const draining = { deadline: HOUR, since: begin, urgent: false };
  const late = moment(HOUR);

  test.each([
    ['0 goes', ended(0), draining, moment(), 'open', undefined],
    ['0 goes, however late', ended(0), draining, late, 'open', undefined],
    ['75 is asked again, without an alarm', ended(75), draining, moment(), 'waits', undefined],
    [
      '75 behind the deadline is an alarm, and waits on',
      ended(75),
      draining,
      late,
      'waits',
      'not over by its deadline',
    ],
    ['1 is an alarm', ended(1, 'no node'), draining, moment(), 'waits', 'exited with status 1 (no node)'],
    ['so is a signal', ended(null, '', 'SIGSEGV'), draining, moment(), 'waits', 'was killed by SIGSEGV'],
    ['and one that never ends', null, draining, moment(), 'waits', 'did not end within its deadline'],
    ['and one that is not there', new Error('ENOENT'), draining, moment(), 'waits', 'could not be started: ENOENT'],
    ['an urgent one waits too', ended(75), { ...draining, urgent: true }, moment(), 'waits', undefined],
    ['but goes at its deadline', ended(75), { ...draining, urgent: true }, late, 'open', undefined],
    ['whatever the command says', ended(1), { ...draining, urgent: true }, late, 'open', undefined],
  ])('%s', (_, end, how, at, is, alarm) => {
    const verdict = drainGate(end, how, at);
    expect(verdict.is).toBe(is);
    expect('alarm' in verdict ? verdict.alarm : undefined).toEqual(
      alarm === undefined ? undefined : expect.stringContaining(alarm),
    );
    if (verdict.is === 'waits')
      expect(verdict).toMatchObject({ again: 60_000, for: expect.stringContaining('2026-11-21T13:00:00Z') });
  });

  test('it is asked at its deadline, so that an urgent one goes then and not a minute later', () => {
    expect(drainGate(ended(75), draining, moment(HOUR - 2_000))).toMatchObject({ is: 'waits', again: 2_000 });
  });

  test('that an urgent one goes undrained is said', () => {
    expect(drainGate(ended(75, '2 payments'), { ...draining, urgent: true }, late)).toMatchObject({
      although: expect.stringContaining('says not yet (2 payments)'),
    });
  });
});

test('an urgent release opens what only chooses the hour, and says so; what is open says nothing', () => {
  const wait = waits('the window', 5);
  expect(unlessUrgent(wait, false)).toBe(wait);
  expect(unlessUrgent(wait, true)).toEqual({ is: 'open', although: 'the window; the release is urgent' });
  expect(unlessUrgent(open, true)).toBe(open);
});

test('the id for a FleetLock server is readable, stable, and another for each instance and machine', () => {
  const id = fleetId('kintsugi', 'vault', 'machine-1');
  expect(id).toMatch(/^kintsugi\.vault\.[0-9a-f]{24}$/);
  expect(fleetId('kintsugi', 'vault', 'machine-1')).toBe(id);
  const others = [fleetId('kintsugi', 'vault', 'machine-2'), fleetId('kintsugi', 'oracle', 'machine-1')];
  expect(new Set([id, ...others]).size).toBe(3);
});
