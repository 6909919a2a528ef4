import { expect, test } from 'vitest';
import { createPermits } from '../../src/daemon/permits.ts';

const never = new AbortController().signal;
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('gives out so many and no more, first come first served', async () => {
  const permits = createPermits(1);
  const order: string[] = [];
  const first = await permits.acquire(never);
  void permits.acquire(never).then((back) => {
    order.push('second');
    back();
  });
  void permits.acquire(never).then(() => order.push('third'));
  await settle();
  expect([order, permits.waiting()]).toEqual([[], 2]);
  first();
  await settle();
  expect(order).toEqual(['second', 'third']);
});

test('giving back twice gives one', async () => {
  const permits = createPermits(1);
  const back = await permits.acquire(never);
  back();
  back();
  await permits.acquire(never);
  let second = false;
  void permits.acquire(never).then(() => (second = true));
  await settle();
  expect(second).toBe(false);
});

test('who leaves the queue takes no permit with him', async () => {
  const permits = createPermits(1);
  const back = await permits.acquire(never);
  const leaver = new AbortController();
  const left = permits.acquire(leaver.signal);
  leaver.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  await expect(permits.acquire(AbortSignal.abort(new Error('late')))).rejects.toThrow('late');
  back();
  await permits.acquire(never);
});

test('more are given at once when there may be more; fewer, as they come back', async () => {
  const permits = createPermits(1);
  const first = await permits.acquire(never);
  const second = permits.acquire(never);
  permits.resize(2);
  const back = await second;
  permits.resize(1);
  first();
  let third = false;
  void permits.acquire(never).then(() => (third = true));
  await settle();
  expect(third).toBe(false);
  back();
  await settle();
  expect(third).toBe(true);
});
