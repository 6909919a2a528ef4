import { describe, expect, it } from 'vitest';
import type { InstanceEvent } from '../../src/core/events.ts';
import type { Instance } from '../../src/core/instance.ts';
import { announced, doing, id, instance, naming, nextOf, now, of, probation, running, slotOf, told } from './given.ts';
import { release } from './walk/names.ts';

const well = instance({ slot: running('A1'), chain: naming('A'), proven: { A: [1] } });
const pin = (name: string, forever = false): InstanceEvent => ({ type: 'pinned', release: release(name), forever });
const staged: Instance['next'] = { at: 'staged', deployment: of('B1'), since: now };

describe('start', () => {
  it('leaves what is up as it is', () => {
    expect(told(well, [{ type: 'started' }])).toBe(well);
  });

  it.each<[string, Instance]>([
    ['what was stopped', told(well, [{ type: 'stopped' }])],
    ['what rests', told(well, [{ type: 'exited', of: id('A1'), final: false, uptime: 0, reason: '' }])],
    ['what refuses to start', told(well, [{ type: 'exited', of: id('A1'), final: true, uptime: 0, reason: '' }])],
  ])('starts %s', (_, i) => {
    expect(doing(i)).not.toContain('run A1');
    const started = told(i, [{ type: 'started' }]);
    expect(doing(started)).toContain('run A1');
    expect(started.volatile).toMatchObject({ rest: null, restarts: 0, turn: 0 });
  });

  it('of what is empty is remembered', () => {
    expect(told(instance(), [{ type: 'stopped' }, { type: 'started' }]).said.stopped).toBe(false);
  });
});

describe('restart', () => {
  it('is another turn of the same deployment, and no other change', () => {
    const again = told(well, [{ type: 'restarted' }]);
    expect(again.volatile.turn).toBe(1);
    expect(told(again, [{ type: 'restarted' }]).volatile.turn).toBe(2);
    expect({ ...again, volatile: null }).toEqual({ ...well, volatile: null });
  });

  it('does not undo a stop', () => {
    expect(doing(told(well, [{ type: 'stopped' }, { type: 'restarted' }]))).toEqual([]);
  });
});

describe('hold and stop', () => {
  const waiting = instance({ slot: running('A1'), chain: naming('B'), proven: { A: [1] }, next: staged });

  it.each<[string, InstanceEvent]>([
    ['held', { type: 'held', until: null }],
    ['stopped', { type: 'stopped' }],
  ])('%s: a gate that opened a moment too late opens nothing', (_, event) => {
    expect(slotOf(told(waiting, [event, { type: 'cleared', of: id('B1') }]))).toBe('running A1 healthy');
    expect(slotOf(told(waiting, [{ type: 'cleared', of: id('B1') }]))).toBe('probation B1 unknown');
  });

  it('a hold ends by itself', () => {
    const held = told(waiting, [{ type: 'held', until: now + 5 }]);
    expect(doing(held)).toEqual(['run A1', 'watch A1', `sleep ${now + 5}`]);
    expect(doing(told(held, [{ type: 'woke' }], now + 5))).toEqual(['run A1', 'watch A1', 'gate B1']);
  });

  it('neither stops a recall', () => {
    const onTrial = instance({
      slot: probation('B1'),
      formers: [{ deployment: of('A1'), data: null }],
      proven: { A: [1] },
      chain: naming('B'),
    });
    const said: readonly InstanceEvent[] = [{ type: 'held', until: null }, { type: 'stopped' }];
    expect(slotOf(told(onTrial, [...said, announced('A')]))).toBe('running A1 unknown');
  });
});

describe('a pin', () => {
  it.each<[string, readonly InstanceEvent[], string | null]>([
    ['is the wish', [pin('B')], 'fetching B1'],
    ['whatever the chain says again', [pin('B'), announced('A')], 'fetching B1'],
    ['until the chain names another', [pin('B'), announced('C')], 'fetching C1'],
    ['not when it names nothing', [pin('B'), announced(null)], 'fetching B1'],
    ['nor for ever', [pin('B', true), announced('C')], 'fetching B1'],
    ['over what is named when it is heard', [announced('C'), pin('B'), announced('C')], 'fetching B1'],
    [
      'made before the chain was heard, over what it then names',
      [announced(null), pin('B'), announced('A')],
      'fetching B1',
    ],
    ['and only over that', [announced(null), pin('B'), announced('A'), announced('C')], 'fetching C1'],
    ['and ends by a person', [pin('B'), { type: 'unpinned' }], null],
  ])('%s', (_, events, next) => {
    expect(nextOf(told(well, events))).toBe(next);
  });

  it('of what runs keeps it against the chain', () => {
    const kept = told(well, [pin('A', true), announced('B')]);
    expect([slotOf(kept), nextOf(kept)]).toEqual(['running A1 healthy', null]);
  });
});
