import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/notify/message.ts';
import { failed, outcomeOf } from '../../src/notify/outcome.ts';
import { attempted, expire, marked, put, type Queue, queueCap, recovered } from '../../src/notify/queue.ts';
import { type Receiver, wants } from '../../src/notify/receiver.ts';
import { message } from './messages.ts';

const fill = (messages: readonly Message[]): Queue =>
  messages.reduce<Queue>((queue, one) => put(queue, one, 0).queue, []);
const idsOf = (queue: Queue) => queue.map((item) => item.message.id);

describe('a queue', () => {
  test('keeps the order, and a repeat of what still waits is left out', () => {
    const firing = message({ id: 'a', state: 'firing', key: 'k' });
    const over = message({ id: 'c', state: 'resolved', key: 'k' });
    const queue = fill([firing, { ...firing, id: 'b' }, over, { ...firing, id: 'd' }]);
    expect(idsOf(queue)).toEqual(['a', 'c', 'd']);
    expect(idsOf(fill([firing, { ...firing, id: 'b', reason: 'another' }]))).toEqual(['a', 'b']);
  });

  test('is bounded: the oldest of the least severe goes, never the one that may be on its way', () => {
    const all = Array.from({ length: queueCap }, (_, n) =>
      message({ id: `${n}`, severity: n === 0 || n === 5 || n === 9 ? 'info' : 'critical' }),
    );
    const { queue, results } = put(fill(all), message({ id: 'last', severity: 'warning' }), 0);
    expect(results).toEqual(['dropped']);
    expect(queue).toHaveLength(queueCap);
    expect(idsOf(queue)).not.toContain('5');
    expect(idsOf(queue)).toContain('0');
    expect(idsOf(queue).at(-1)).toBe('last');
  });

  test('loses what is too old', () => {
    const queue = [...put([], message({ id: 'old' }), 0).queue, ...put([], message({ id: 'new' }), 900).queue];
    const step = expire(queue, 1_000, 500);
    expect([idsOf(step.queue), step.results]).toEqual([['new'], ['expired']]);
  });

  test('keeps what failed, with its attempts, and lets go of what arrived or will never be taken', () => {
    const queue = fill([message({ id: 'a' }), message({ id: 'b' })]);
    expect(attempted(queue, 'a', failed('HTTP 503', true), true).queue[0]).toMatchObject({
      attempts: 1,
      sending: false,
    });
    for (const is of ['delivered', 'refused'] as const) {
      const step = attempted(queue, 'a', { is, words: '' }, true);
      expect([idsOf(step.queue), step.results]).toEqual([['b'], [is]]);
    }
  });

  test('whoever must not get it twice does not get again what may have arrived, and does get what cannot have', () => {
    const queue = marked(fill([message({ id: 'a' }), message({ id: 'b' })]), 'a');
    expect(attempted(queue, 'a', failed('no answer', true), false)).toMatchObject({ results: ['unsure'] });
    expect(idsOf(attempted(queue, 'a', failed('ECONNREFUSED', false), false).queue)).toEqual(['a', 'b']);
    expect([idsOf(recovered(queue).queue), recovered(queue).results]).toEqual([['b'], ['unsure']]);
  });
});

test.each([
  [204, 'delivered'],
  [302, 'failed'],
  [400, 'refused'],
  [401, 'failed'],
  [404, 'failed'],
  [413, 'refused'],
  [429, 'failed'],
  [503, 'failed'],
])('a server that answers %i: %s', (status, is) => expect(outcomeOf(status, null, '').is).toBe(is));

test('a receiver that asks for time gets it, up to an hour', () => {
  expect(outcomeOf(429, '30', '')).toMatchObject({ after: 30_000, isUnsure: false });
  expect(outcomeOf(503, '999999', '')).toMatchObject({ after: 3_600_000, isUnsure: true });
  expect(outcomeOf(429, 'soon', '')).toMatchObject({ after: null });
});

describe('who is told', () => {
  const pager: Receiver = {
    name: 'pager',
    from: 'critical',
    resolved: true,
    only: null,
    except: ['testnet', 'kintsugi/faucet'],
    delivery: 'atLeastOnce',
  };
  test.each([
    [message({ severity: 'critical' }), true],
    [message({ severity: 'warning' }), false],
    [message({ severity: 'critical', network: 'testnet' }), false],
    [message({ severity: 'critical', network: 'kintsugi', client: 'faucet' }), false],
    [message({ severity: 'critical', network: null, client: null }), true],
    [message({ severity: 'critical', state: 'resolved' }), true],
  ])('%#', (one, is) => expect(wants(pager, one)).toBe(is));

  test('one that wants no end of it, and one that looks after one client', () => {
    expect(wants({ ...pager, resolved: false }, message({ severity: 'critical', state: 'resolved' }))).toBe(false);
    const own = { ...pager, only: ['kintsugi/vault'], except: [] };
    expect(wants(own, message({ severity: 'critical' }))).toBe(true);
    expect(wants(own, message({ severity: 'critical', client: 'oracle' }))).toBe(false);
  });
});
