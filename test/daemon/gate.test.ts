import { expect, test } from 'vitest';
import { type Cell, createSignal, type LiveChild } from '../../src/daemon/instance/cell.ts';
import { createPermits, type Permits } from '../../src/daemon/permits.ts';
import { gateTask, leaveGate } from '../../src/daemon/tasks/gate.ts';
import { deployment } from '../support/deployments.ts';

const never = new AbortController().signal;
const settle = () => new Promise((resolve) => setImmediate(resolve));
const next = deployment('next');
const cleared = { type: 'cleared', of: next.id };

/** As much of an instance as waits for its turn. */
function waiting(updating: Permits, isUp = true): Cell {
  const child = createSignal<LiveChild | null>(isUp ? ({ deployment: deployment('old') } as LiveChild) : null);
  const gate = createSignal<string | null>(null);
  const permit = createSignal<{ of: string; giveBack(): void } | null>(null);
  return { child, gate, permit, services: { updating } } as unknown as Cell;
}

test('the second waits until the first has had its turn, and says what for', async () => {
  const permits = createPermits(1);
  const [one, two] = [waiting(permits), waiting(permits)];
  expect(await gateTask(next, one, never)).toEqual(cleared);
  const second = gateTask(next, two, never);
  await settle();
  expect(two.gate.get()).toContain('its turn');
  leaveGate(one);
  expect(await second).toEqual(cleared);
  expect([two.gate.get(), two.permit.get()?.of]).toEqual([null, next.id]);
});

test('a client that is down waits for nobody, and takes nobody the turn', async () => {
  const permits = createPermits(1);
  const down = waiting(permits, false);
  expect(await gateTask(next, down, never)).toEqual(cleared);
  expect(down.permit.get()).toBeNull();
  expect(await gateTask(next, waiting(permits), never)).toEqual(cleared);
});

test('a client whose child leaves while it waits goes on at once, and leaves the queue', async () => {
  const permits = createPermits(1);
  const first = waiting(permits);
  await gateTask(next, first, never);
  const second = waiting(permits);
  const turn = gateTask(next, second, never);
  await settle();
  second.child.set(null);
  expect(await turn).toEqual(cleared);
  expect([second.permit.get(), permits.waiting()]).toEqual([null, 0]);
  leaveGate(first);
  expect(await gateTask(next, waiting(permits), never)).toEqual(cleared);
});

test('one that is called off while it waits takes no turn with it', async () => {
  const permits = createPermits(1);
  const first = waiting(permits);
  await gateTask(next, first, never);
  const off = new AbortController();
  const second = waiting(permits);
  const turn = gateTask(next, second, off.signal);
  off.abort(new Error('called off'));
  await expect(turn).rejects.toThrow('called off');
  leaveGate(first);
  expect(await gateTask(next, waiting(permits), never)).toEqual(cleared);
  expect(second.permit.get()).toBeNull();
});
