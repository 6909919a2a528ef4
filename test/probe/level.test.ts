import { expect, test } from 'vitest';
import { type Finding, judge, type Sight, type Terms } from '../../src/probe/level.ts';

// The watch began at 1000; the deadline is at 2000; a child must be up for 100; a probe may fail for 50.
const terms = { minHealthyTime: 100, failFor: 50, begunAt: 1_000, deadlineAt: 2_000 };
const probation: Terms = { ...terms, told: 'unknown', onProbation: true };
const newRuntime: Terms = { ...terms, told: 'unknown', onProbation: false };
const healthy: Terms = { ...terms, told: 'healthy', onProbation: false };
const unhealthy: Terms = { ...terms, told: 'unhealthy', onProbation: false };

const pass: Finding = { outcome: { is: 'passed' }, failing: null };
const fail = (failing: number, why = 'it is dark'): Finding => ({ outcome: { is: 'failed', why }, failing });
const excess = (failing = 0): Finding => ({ outcome: { is: 'exceeded', why: 'it rose' }, failing });
const sight = (startedAt: number, begunAt: number, ...findings: Finding[]): Sight => ({
  startedAt,
  round: { begunAt, findings },
});

const isHealthy = (reason: string) => ({ verdict: 'healthy', reason });
const isUnhealthy = (reason: string) => ({ verdict: 'unhealthy', reason });

test.each<[string, Terms, Sight, number, ReturnType<typeof isHealthy> | null]>([
  // On probation.
  ['up for long enough, no probes', probation, sight(1_000, 1_100), 1_100, isHealthy('up for 100ms')],
  ['not yet', probation, sight(1_000, 1_099), 1_099, null],
  ['a round from before does not count, whatever the time', probation, sight(1_000, 1_099, pass), 1_500, null],
  ['one probe', probation, sight(1_000, 1_100, pass), 1_100, isHealthy('up for 100ms, and its probe passes')],
  ['both probes', probation, sight(1_000, 1_100, pass, pass), 1_100, isHealthy('up for 100ms, and all 2 probes pass')],
  ['one of two', probation, sight(1_000, 1_500, pass, fail(400)), 1_500, null],
  [
    'an adopted child is older than the watch',
    probation,
    sight(500, 1_000, pass),
    1_000,
    isHealthy('up for 100ms, and its probe passes'),
  ],
  ['no failing ends it before the deadline', probation, sight(1_000, 1_999, fail(900)), 1_999, null],
  [
    'the deadline',
    probation,
    sight(1_000, 2_000, fail(900), pass),
    2_000,
    isUnhealthy('not healthy by its deadline: it is dark'),
  ],
  [
    'the deadline, all fail',
    probation,
    sight(1_000, 2_000, fail(9, 'a'), fail(9, 'b')),
    2_000,
    isUnhealthy('not healthy by its deadline: a; b'),
  ],
  ['the deadline in a round: the next one counts', probation, sight(1_000, 1_990, fail(900)), 2_010, null],
  [
    'at the deadline healthy goes first',
    probation,
    sight(1_900, 2_000, pass),
    2_000,
    isHealthy('up for 100ms, and its probe passes'),
  ],
  [
    'the deadline, up too shortly',
    probation,
    sight(1_960, 2_000, pass),
    2_000,
    isUnhealthy('not healthy by its deadline: it was up for only 40ms of 100ms'),
  ],
  [
    'the deadline, both',
    probation,
    sight(1_960, 2_000, fail(3)),
    2_000,
    isUnhealthy('not healthy by its deadline: it is dark; it was up for only 40ms of 100ms'),
  ],
  ['down', probation, null, 1_999, null],
  ['down at the deadline', probation, null, 2_000, isUnhealthy('not healthy by its deadline: the child is not up')],
  ['an excess is not waited for', probation, sight(1_000, 1_001, pass, excess()), 1_001, isUnhealthy('it rose')],
  // A new runtime asks a new proof.
  ['the old time up is no proof', newRuntime, sight(0, 1_099, pass), 1_099, null],
  ['the new one is', newRuntime, sight(0, 1_100, pass), 1_100, isHealthy('up for 100ms, and its probe passes')],
  ['a restart counts from there', newRuntime, sight(1_050, 1_149, pass), 1_149, null],
  ['an excess waits for the deadline', newRuntime, sight(0, 1_999, excess(900)), 1_999, null],
  [
    'and is named there',
    newRuntime,
    sight(0, 2_000, excess(900)),
    2_000,
    isUnhealthy('not healthy by its deadline: it rose'),
  ],
  // Committed: liveness.
  ['passes', healthy, sight(0, 9_000, pass, pass), 9_000, null],
  ['fails for less', healthy, sight(0, 9_000, pass, fail(49.9)), 9_000, null],
  ['fails for as long', healthy, sight(0, 9_000, pass, fail(50)), 9_000, isUnhealthy('no pass for 50ms: it is dark')],
  [
    'names only those that fail for as long',
    healthy,
    sight(0, 9_000, fail(20, 'b'), fail(60, 'a')),
    9_000,
    isUnhealthy('no pass for 50ms: a'),
  ],
  ['an excess is a failure like any other', healthy, sight(0, 9_000, excess(10)), 9_000, null],
  ['no deadline', healthy, sight(0, 9_000), 9_000, null],
  ['down: exits are told elsewhere', healthy, null, 9_000, null],
  // Alarmed.
  ['still fails, for ever', unhealthy, sight(0, 9_000, fail(8_000)), 9_000, null],
  ['down', unhealthy, null, 9_000, null],
  ['up too shortly', unhealthy, sight(8_950, 9_000, pass), 9_000, null],
  ['passes again', unhealthy, sight(0, 9_000, pass), 9_000, isHealthy('up for 100ms, and its probe passes')],
])('%s', (_what, told, seen, now, expected) => {
  expect(judge(told, seen, now)).toEqual(expected);
});
