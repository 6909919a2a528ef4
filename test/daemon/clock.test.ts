import { expect, test } from 'vitest';
import { createClock } from '../../src/daemon/clock.ts';
import { continued } from '../../src/daemon/continued-clock.ts';

const day = 86_400_000;

/** A machine whose three clocks are set by hand; it has been up for an hour. */
function machineAt(wall: number) {
  const clocks = { wall, monotonic: 3_600_000.5, machine: 3_600_000 };
  const clock = createClock({
    wall: () => clocks.wall,
    monotonic: () => clocks.monotonic,
    machine: () => Math.round(clocks.machine / 10) * 10,
  });
  return {
    clock,
    pass(ms: number) {
      clocks.wall += ms;
      clocks.monotonic += ms;
      clocks.machine += ms;
    },
    sleep(ms: number) {
      clocks.wall += ms;
      clocks.machine += ms;
    },
    set(ahead: number) {
      clocks.wall += ahead;
    },
  };
}

const begin = Date.parse('2026-11-21T14:00:00Z');

test.each([
  ['years forth', 10 * 365 * day],
  ['years back', -30 * 365 * day],
  ['an hour back', -3_600_000],
])('a wall clock that is set %s moves nothing that is waited for, and is what people are told', (_what, ahead) => {
  const { clock, pass, set } = machineAt(begin);
  pass(1_000);
  expect(clock.now()).toBe(begin + 1_000);
  expect(clock.drift()).toBe(0);
  set(ahead);
  pass(500);
  expect(clock.now()).toBe(begin + 1_500);
  expect(clock.drift()).toBe(ahead);
});

test('one that is slewed by a little is no other clock: what is shown does not flicker', () => {
  const { clock, set, pass } = machineAt(begin);
  set(7);
  expect(clock.drift()).toBe(0);
  pass(1_234);
  set(-900);
  expect(clock.drift()).toBe(0);
});

test('while the machine sleeps our clock goes on, though no timer does', () => {
  const { clock, sleep, pass } = machineAt(begin);
  pass(1_000);
  sleep(8 * 3_600_000);
  pass(5);
  expect(clock.now()).toBeCloseTo(begin + 1_000 + 8 * 3_600_000 + 5, -2);
  expect(clock.drift()).toBe(0);
  sleep(2 * 3_600_000);
  expect(clock.now()).toBeCloseTo(begin + 1_005 + 10 * 3_600_000, -2);
});

test('it never goes back, however the clocks are read', () => {
  const { clock, pass, sleep, set } = machineAt(begin);
  let last = clock.now();
  for (let step = 0; step < 500; step += 1) {
    if (step % 50 === 0) sleep(1_001);
    if (step % 70 === 0) set(-day);
    pass(3);
    expect(clock.now()).toBeGreaterThanOrEqual(last);
    last = clock.now();
  }
});

test('where the uptime cannot be read, as without a free descriptor, it goes on without counting a sleep', () => {
  let isFull = false;
  let monotonic = 0;
  const machine = () => {
    if (isFull) throw new Error('EMFILE: too many open files');
    return 3_600_000 + monotonic;
  };
  const clock = createClock({ wall: () => begin, monotonic: () => monotonic, machine });
  isFull = true;
  monotonic = 5_000;
  expect(clock.now()).toBe(begin + 5_000);
  const never = createClock({ wall: () => begin, monotonic: () => monotonic, machine });
  isFull = false;
  monotonic = 9_000;
  expect(clock.now()).toBe(begin + 9_000);
  expect(never.now()).toBe(begin + 4_000);
});

test('what is slept on in vain ends with its signal', async () => {
  const { clock } = machineAt(begin);
  const asked = new AbortController();
  const slept = clock.sleepUntil(clock.now() + day, asked.signal);
  asked.abort(new Error('no longer wanted'));
  await expect(slept).rejects.toThrow('no longer wanted');
});

const point = { schema: 1, boot: 'one', machine: 3_600_000, time: begin } as const;

test.each([
  ['the first daemon', null, { boot: 'one', machine: 3_700_000 }, null],
  ['the next one of a boot', point, { boot: 'one', machine: 3_700_000 }, begin + 100_000],
  ['one after another boot', point, { boot: 'two', machine: 3_700_000 }, null],
  ['one whose uptime began anew in the same boot', point, { boot: 'one', machine: 10 }, null],
])('%s goes by its own clock or by the one before it', (_what, before, here, time) => {
  expect(continued(before, here)).toBe(time);
});
