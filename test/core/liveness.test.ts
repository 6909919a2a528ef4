import { describe, expect, it } from 'vitest';
import { durable } from '../../src/core/born.ts';
import type { InstanceEvent } from '../../src/core/events.ts';
import type { Instance } from '../../src/core/instance.ts';
import { announced, doing, id, instance, naming, now, policy, running, told } from './given.ts';

const well = instance({ slot: running('A1'), chain: naming('A'), proven: { A: [1] } });
const ails: InstanceEvent = { type: 'unhealthy', of: id('A1'), reason: 'no answer' };
const left: InstanceEvent = { type: 'exited', of: id('A1'), final: false, uptime: 0, reason: 'code 1' };
const woke: InstanceEvent = { type: 'woke' };
const turns = (i: Instance) => i.volatile.turn;

describe('liveness', () => {
  it('starts again what is committed and unhealthy, within its budget, then waits for the period', () => {
    const first = told(well, [ails]);
    expect([turns(first), doing(first)]).toEqual([1, ['run A1', 'watch A1', `sleep ${now + 100}`]]);
    const second = told(first, [woke], now + 100);
    expect([turns(second), doing(second).at(-1)]).toEqual([2, `sleep ${now + 3_000}`]);
    expect(turns(told(second, [woke], now + 2_999))).toBe(2);
    expect(turns(told(second, [woke], now + 3_000))).toBe(3);
  });

  it('without a budget only says so', () => {
    const patience = { liveness: { ...policy.liveness, restarts: 0 } };
    const quiet = told(well, [ails], now, patience);
    expect([turns(quiet), doing(quiet, patience)]).toEqual([0, ['run A1', 'watch A1']]);
    expect(told(quiet, [woke, woke, announced('A')], now + 9e9, patience).volatile).toMatchObject({
      turn: 0,
      livenAt: null,
    });
  });

  it('starts nothing on a wake that was for something else', () => {
    expect(turns(told(told(well, [ails]), [woke], now + 99))).toBe(1);
  });

  it('is not spent on a child that rests', () => {
    const once = told(told(well, [left]), [woke], now + 999);
    const looping = told(told(told(once, [left]), [woke], now + 999), [left]);
    expect(looping.slot).toMatchObject({ verdict: 'unhealthy' });
    expect(looping.volatile).toMatchObject({ turn: 0, livenAt: null });
    const up = told(looping, [woke], now + 2_000);
    expect(up.volatile).toMatchObject({ turn: 0, rest: null, livened: [], livenAt: now + 2_100 });
  });

  it('begins anew after a death, and not at once', () => {
    const ill = told(well, [ails]);
    const booted = told(durable(ill), [{ type: 'booted' }], now + 50);
    expect(booted.volatile).toMatchObject({ turn: 0, livened: [], livenAt: now + 150 });
  });

  it('is over when it is healthy, stopped, or gone from the slot', () => {
    const ill = told(well, [ails]);
    expect(told(ill, [{ type: 'healthy', of: id('A1') }]).volatile.livenAt).toBeNull();
    expect(told(ill, [{ type: 'stopped' }]).volatile.livenAt).toBeNull();
    expect(told(ill, [{ type: 'stopped' }, { type: 'started' }], now + 70).volatile.livenAt).toBe(now + 170);
  });

  it('hears the same verdict once', () => {
    const ill = told(well, [ails]);
    expect(told(ill, [ails])).toEqual(ill);
  });
});
