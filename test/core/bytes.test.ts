import { describe, expect, it } from 'vitest';
import type { InstanceEvent } from '../../src/core/events.ts';
import { announced, doing, id, instance, naming, nextOf, now, of, probation, running, slotOf, told } from './given.ts';

const spoiled = (l: string): InstanceEvent => ({ type: 'spoiled', of: id(l) });
const formers = [{ deployment: of('A1'), data: null }];

describe('lost bytes', () => {
  it('of what is committed lead back without a bar, and are fetched again', () => {
    const i = instance({ slot: running('B1'), formers, proven: { A: [1], B: [1] }, chain: naming('B') });
    const back = told(i, [spoiled('B1')]);
    expect([slotOf(back), nextOf(back), back.bars]).toEqual(['running A1 unknown', 'fetching B1', []]);
  });

  it('on probation are barred: a disk that eats them must not stop the former for ever', () => {
    const i = instance({ slot: probation('B1'), formers, proven: { A: [1] }, chain: naming('B') });
    const back = told(i, [spoiled('B1')]);
    expect([slotOf(back), nextOf(back)]).toEqual(['running A1 unknown', null]);
    expect(back.bars).toMatchObject([{ attempts: 1, wait: { for: 'time' } }]);
  });

  it('without a way back are fetched at once; again and again, with a growing wait', () => {
    const i = instance({ slot: probation('B1'), chain: naming('B') });
    const lost = told(i, [spoiled('B1')]);
    expect([slotOf(lost), doing(lost)]).toEqual(['probation B1 gone', ['download B1']]);
    const again = told(lost, [{ type: 'fetched', of: id('B1') }, spoiled('B1')]);
    expect(doing(again)).toEqual([`sleep ${now + 5}`]);
    expect(doing(told(again, [{ type: 'woke' }, { type: 'fetched', of: id('B1') }, spoiled('B1')], now + 5))).toEqual([
      `sleep ${now + 15}`,
    ]);
  });

  it('are never those of the same checksum under other settings', () => {
    const i = instance({ slot: running('A2'), formers, proven: { A: [1] }, chain: naming('A') });
    expect(slotOf(told(i, [spoiled('A2')]))).toBe('running A2 gone');
  });

  it('of what is staged are fetched again, what serves goes on', () => {
    const i = instance({
      slot: running('A1'),
      proven: { A: [1] },
      chain: naming('B'),
      next: { at: 'staged', deployment: of('B1'), since: now },
    });
    const lost = told(i, [spoiled('B1')]);
    expect(doing(lost)).toEqual(['run A1', 'watch A1', `sleep ${now + 5}`]);
    expect(doing(told(lost, [{ type: 'woke' }], now + 5))).toContain('download B1');
  });

  it('of what was committed are fetched again where its successor fails: that was the only release that ever served', () => {
    const lost = running('A1', { verdict: 'gone' });
    const i = instance({
      slot: lost,
      proven: { A: [1] },
      chain: naming('B'),
      next: { at: 'staged', deployment: of('B1'), since: now },
    });
    const tried = told(i, [{ type: 'cleared', of: id('B1') }]);
    expect(slotOf(tried)).toBe('probation B1 unknown');
    const back = told(tried, [{ type: 'unhealthy', of: id('B1'), reason: 'a probe failed' }, spoiled('A1')]);
    expect([slotOf(back), doing(back)[0]]).toEqual(['running A1 gone', 'download A1']);
  });

  it('are looked for where the chain now says that they are', () => {
    const i = instance({ slot: running('A1', { verdict: 'gone' }), chain: naming('A'), proven: { A: [1] } });
    const waiting = told(i, [{ type: 'fetchFailed', of: id('A1'), reason: '404' }]);
    expect(doing(waiting)).toEqual([`sleep ${now + 5}`]);
    const moved = told(waiting, [announced("A'")]);
    expect(doing(moved)).toEqual(['download A1']);
    expect(moved.slot).toMatchObject({ deployment: { id: id('A1'), release: { uri: "https://releases/A'" } } });
  });
});

describe('the same bytes at another address', () => {
  it('do not disturb the child', () => {
    const i = instance({ slot: running('A1'), chain: naming('A'), proven: { A: [1] } });
    expect(doing(told(i, [announced("A'")]))).toEqual(doing(i));
  });

  it('forget the wait of their download', () => {
    const i = instance({
      chain: naming('A'),
      next: { at: 'fetching', deployment: of('A1'), attempt: 9, retryAt: now + 9, reason: '404' },
    });
    expect(told(i, [announced("A'")]).next).toMatchObject({ attempt: 0, retryAt: null });
    expect(told(i, [announced('A')]).next).toMatchObject({ attempt: 9, retryAt: now + 9 });
  });
});
