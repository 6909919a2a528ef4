import { expect, test } from 'vitest';
import type { Millis } from '../../src/core/release.ts';
import { cadenceOf } from '../../src/probe/cadence.ts';
import { advance, isGap } from '../../src/probe/fail-clock.ts';
import type { Terms } from '../../src/probe/level.ts';
import { pauseAfter } from '../../src/probe/pause.ts';
import { failed, type Probe, passed } from '../../src/probe/probe.ts';
import { lasting } from '../../src/probe/reasons.ts';

const minutes = 60_000;
const defaults = { minHealthyTime: 5 * minutes, deadline: 30 * minutes, failFor: 10 * minutes, probes: [] };
const counter = (within: number | null): Probe => ({
  kind: 'metric',
  url: 'http://h/',
  name: 'n',
  min: null,
  max: null,
  maxRise: 1,
  within,
});

test.each([
  ['the defaults', { ...defaults, told: 'unknown' }, 10_000],
  ['short times', { ...defaults, told: 'unknown', minHealthyTime: 2_000 }, 100],
  ['a deadline nearer than the proof', { ...defaults, told: 'unknown', deadline: 1_000 }, 50],
  ['a deadline that is over', { ...defaults, told: 'unknown', deadline: -5, minHealthyTime: 4_000 }, 200],
  ['never faster than 20 ms', { ...defaults, told: 'unknown', minHealthyTime: 1 }, 20],
  ['liveness', { ...defaults, told: 'healthy', minHealthyTime: 1, failFor: 8_000 }, 400],
  ['alarmed', { ...defaults, told: 'unhealthy', failFor: 1, minHealthyTime: 8_000 }, 400],
  ['the window of a counter', { ...defaults, told: 'healthy', probes: [counter(6_000), counter(null)] }, 300],
] as const)('between two rounds, with %s', (_what, times, expected) => {
  expect(cadenceOf(times)).toBe(expected);
});

test('the fail clock starts at the first failure, adds up, and a pass clears it', () => {
  const outcomes = [passed, failed('x'), failed('x'), failed('x'), passed, failed('x')];
  let failing: number | null = null;
  const seen = outcomes.map((outcome) => {
    failing = advance(failing, outcome, 10);
    return failing;
  });
  expect(seen).toEqual([null, 0, 10, 20, null, 0]);
});

test('a tick that comes much later than planned is a gap', () => {
  expect([isGap(120, 20, 100), isGap(121, 20, 100)]).toEqual([false, true]);
});

const terms: Terms = {
  told: 'unknown',
  onProbation: true,
  minHealthyTime: 100,
  failFor: 50,
  begunAt: 0,
  deadlineAt: 1_000,
};
test.each<[string, Partial<Terms>, number | null, number | null, number, number]>([
  ['the next round', {}, 0, 20, 10, 20],
  ['the end of the proof', {}, 0, 20, 95, 5],
  ['the proof is over: rounds go on', {}, 0, 20, 100, 20],
  ['the deadline', {}, 0, 20, 990, 10],
  ['no probes: the proof', {}, 0, null, 10, 90],
  ['down: the deadline', {}, null, null, 10, 990],
  ['down and told: nothing', { told: 'healthy' }, null, null, 10, 2 ** 31 - 1],
  ['healthy without probes: nothing', { told: 'healthy' }, 0, null, 10, 2 ** 31 - 1],
  ['unhealthy: the proof', { told: 'unhealthy' }, 0, null, 10, 90],
])('the pause ends with %s', (_what, own, startedAt, every, now, expected) => {
  expect(pauseAfter({ ...terms, ...own }, startedAt, every, now, now)).toBe(expected);
});

test.each<[string, Partial<Terms>, number | null, number, number, Millis]>([
  ['the proof', {}, 0, 99.5, 100.5, 0],
  ['the deadline', {}, 0, 999.5, 1_000.5, 0],
  ['the deadline, down', {}, null, 999.5, 1_000.5, 0],
  ['the proof of who was unhealthy', { told: 'unhealthy' }, 0, 99.5, 100.5, 0],
  ['the proof, and it was judged', {}, 0, 100, 100.5, 899.5],
])('what has come since the last look is looked at at once: %s', (_what, own, startedAt, judgedAt, now, expected) => {
  expect(pauseAfter({ ...terms, ...own }, startedAt, null, judgedAt, now)).toBe(expected);
});

test.each([
  [0, '0ms'],
  [-3, '0ms'],
  [40.4, '40ms'],
  [1_500, '1.5s'],
  [3_214, '3.21s'],
  [90_000, '90s'],
  [600_000, '10m'],
  [5_400_000, '90m'],
  [86_400_000, '1d'],
  [100_000_123, '1.16d'],
])('%d ms are %s', (time, words) => {
  expect(lasting(time)).toBe(words);
});
