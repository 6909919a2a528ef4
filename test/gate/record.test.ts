import { describe, expect, test } from 'vitest';
import { createHolder } from '../../src/gate/fleet-lock/holder.ts';
import { owed } from '../../src/gate/owed.ts';
import {
  type GateRecord,
  heardAt,
  nothingKept,
  waitingSince,
  withHeard,
  withoutWaiting,
  withWaiting,
} from '../../src/gate/record.ts';
import { askAll, type Gate } from '../../src/gate/round.ts';
import { open, type Verdict, waits } from '../../src/gate/verdict.ts';
import { checksum } from '../support/deployments.ts';

const never = new AbortController().signal;
const slot = { url: 'http://127.0.0.1:1', group: 'default', id: 'a' };
const other = { ...slot, group: 'another' };

describe('when a release was heard of', () => {
  const [one, two] = [checksum('1'), checksum('2')];

  test('the first time counts, and said again it is no news', () => {
    const first = withHeard(nothingKept, [one], 10);
    expect(withHeard(first, [one], 20)).toBe(first);
    expect(heardAt(withHeard(first, [two, two], 20), one, 99)).toBe(10);
    expect(heardAt(withHeard(first, [two, two], 20), two, 99)).toBe(20);
  });

  test('one that was not, or by a clock that was ahead, is heard of now', () => {
    expect(heardAt(nothingKept, one, 7)).toBe(7);
    expect(heardAt(withHeard(nothingKept, [one], 1_000), one, 7)).toBe(7);
  });

  test('the record does not grow with the years', () => {
    const many = Array.from({ length: 500 }, (_, index) => checksum(String(index)));
    const record = many.reduce((held, each, index) => withHeard(held, [each], index), nothingKept);
    expect(record.heard).toHaveLength(64);
    expect(heardAt(record, many[499]!, 9_999)).toBe(499);
  });
});

describe('since when a gate waits', () => {
  test('the first time of the same update counts; another update begins anew', () => {
    const first = withWaiting(nothingKept, 'a', 'metric', 10);
    expect(withWaiting(first, 'a', 'metric', 20)).toBe(first);
    expect(waitingSince(withWaiting(first, 'a', 'drain', 30), 'a', 'metric', 99)).toBe(10);
    expect(waitingSince(withWaiting(first, 'b', 'metric', 30), 'b', 'metric', 99)).toBe(30);
    expect(waitingSince(withWaiting(first, 'b', 'metric', 30), 'a', 'metric', 99)).toBeNull();
    expect(waitingSince(withoutWaiting(first, 'metric'), 'a', 'metric', 99)).toBeNull();
    expect(withoutWaiting(first, 'drain')).toBe(first);
  });
});

describe('what is owed', () => {
  const record: GateRecord = { ...nothingKept, slots: [slot, other], drained: { of: 'old', after: ['/bin/undo'] } };
  const [yes, no] = [() => true, () => false];

  test('while its gates are asked it keeps the slot that it asks for, and only that', () => {
    expect(owed(record, { is: 'asking', slot }, yes)).toEqual({
      back: [other],
      again: [],
      after: null,
      isDrainOver: false,
    });
    expect(owed(record, { is: 'asking', slot: null }, yes).back).toEqual([slot, other]);
  });

  test('through switch and probation it keeps them; what no server confirmed in this life is asked for again', () => {
    expect(owed(record, { is: 'between' }, yes)).toEqual({ back: [], again: [], after: null, isDrainOver: false });
    expect(owed(record, { is: 'between' }, no).again).toEqual([slot, other]);
  });

  test('settled with what was drained (called off, rolled back): all is given back, and the drain undone', () => {
    expect(owed(record, { is: 'settled', serving: 'old' }, yes)).toEqual({
      back: [slot, other],
      again: [],
      after: ['/bin/undo'],
      isDrainOver: false,
    });
  });

  test('settled with another: the drained one is gone, and nothing is undone', () => {
    expect(owed(record, { is: 'settled', serving: 'new' }, yes)).toMatchObject({ after: null, isDrainOver: true });
  });

  test('a drain that needs no undoing is forgotten', () => {
    const plain = { ...record, drained: { of: 'old', after: null } };
    expect(owed(plain, { is: 'settled', serving: 'old' }, yes)).toMatchObject({ after: null, isDrainOver: true });
  });
});

describe('the holder', () => {
  test('what it may hold is saved before a server is asked; where it cannot be, nobody is asked', async () => {
    const order: string[] = [];
    const holder = createHolder({
      change: async (by) => void order.push(`saved ${by(nothingKept).slots.length}`),
      ask: async (verb) => {
        order.push(verb);
        return { is: 'notNow', why: '' };
      },
    });
    await holder.obtain(slot, never);
    expect(order).toEqual(['saved 1', 'pre-reboot']);
    const full = createHolder({
      change: () => Promise.reject(new Error('the disk is full')),
      ask: async () => {
        order.push('asked');
        return { is: 'granted' };
      },
    });
    await expect(full.obtain(slot, never)).rejects.toThrow('the disk is full');
    expect(order).not.toContain('asked');
  });

  test('what could not be given back is not forgotten', async () => {
    let record: GateRecord = { ...nothingKept, slots: [slot] };
    let answer: 'granted' | 'notNow' = 'notNow';
    const holder = createHolder({
      change: async (by) => {
        record = by(record);
      },
      ask: async () => ({ is: answer, why: '' }),
    });
    await holder.giveBack(slot, never);
    expect(record.slots).toEqual([slot]);
    answer = 'granted';
    await holder.giveBack(slot, never);
    expect(record.slots).toEqual([]);
  });
});

describe('a round', () => {
  const silent = { asks() {}, although() {} };
  const gate = (name: Gate['name'], verdict: Verdict, asked: string[]): Gate => ({
    name,
    ask: async () => {
      asked.push(name);
      return verdict;
    },
  });

  test('ends at the first that waits: what takes something is not asked before', async () => {
    const asked: string[] = [];
    const gates = [gate('window', open, asked), gate('metric', waits('x', 1), asked), gate('drain', open, asked)];
    expect(await askAll(gates, never, silent)).toEqual({ gate: 'metric', wait: waits('x', 1) });
    expect(asked).toEqual(['window', 'metric']);
  });

  test('tells what opens in spite of something', async () => {
    const told: string[] = [];
    const gates = [gate('window', { is: 'open', although: 'w' }, []), gate('drain', open, [])];
    expect(
      await askAll(gates, never, { ...silent, although: (name, words) => told.push(`${name} ${words}`) }),
    ).toBeNull();
    expect(told).toEqual(['window w']);
  });
});
