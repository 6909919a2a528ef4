import { expect, test } from 'vitest';
import { born } from '../../src/core/born.ts';
import { createClock } from '../../src/daemon/clock.ts';
import { type Cell, createSignal, type GateWait, type LiveChild } from '../../src/daemon/instance/cell.ts';
import { createPermits, type Permits } from '../../src/daemon/permits.ts';
import { gateTask, leaveGate } from '../../src/daemon/tasks/gate.ts';
import { nothingKept } from '../../src/gate/record.ts';
import { acceptedClient } from '../config/args-text.ts';
import { deployment } from '../support/deployments.ts';

const never = new AbortController().signal;
const settle = () => new Promise((resolve) => setImmediate(resolve));
const next = deployment('next');
const asked = { of: next, urgent: false };
const cleared = { type: 'cleared', of: next.id };

/** As much of an instance as waits for its turn. */
function waiting(updating: Permits, isUp = true): Cell {
  const old = deployment('old');
  const slot = {
    at: 'running',
    deployment: old,
    verdict: 'healthy',
    reason: null,
    exits: 0,
    youngUntil: null,
  } as const;
  const record = nothingKept;
  const book = { get: () => record, change: async () => {}, note: async () => {} };
  return {
    child: createSignal<LiveChild | null>(isUp ? ({ deployment: old } as LiveChild) : null),
    gate: createSignal<GateWait | null>(null),
    blocked: createSignal<string | null>(null),
    gatesRevised: createSignal(''),
    permit: createSignal<{ of: string; giveBack(): void } | null>(null),
    value: () => ({ ...born(old, null), slot }),
    config: () => acceptedClient(),
    gates: { book, slot: () => null },
    services: { updating, clock: createClock(), head: () => null },
  } as unknown as Cell;
}

test('the second waits until the first has had its turn, and says what for', async () => {
  const permits = createPermits(1);
  const [one, two] = [waiting(permits), waiting(permits)];
  expect(await gateTask(asked, one, never)).toEqual(cleared);
  const second = gateTask(asked, two, never);
  await settle();
  expect(two.gate.get()).toMatchObject({ name: 'turn' });
  leaveGate(one);
  expect(await second).toEqual(cleared);
  expect([two.gate.get(), two.permit.get()?.of]).toEqual([null, next.id]);
});

test('a client that is down waits for nobody, and takes nobody the turn', async () => {
  const permits = createPermits(1);
  const down = waiting(permits, false);
  expect(await gateTask(asked, down, never)).toEqual(cleared);
  expect(down.permit.get()).toBeNull();
  expect(await gateTask(asked, waiting(permits), never)).toEqual(cleared);
});

test('a client whose child leaves while it waits goes on at once, and leaves the queue', async () => {
  const permits = createPermits(1);
  const first = waiting(permits);
  await gateTask(asked, first, never);
  const second = waiting(permits);
  const turn = gateTask(asked, second, never);
  await settle();
  second.child.set(null);
  expect(await turn).toEqual(cleared);
  expect([second.permit.get(), permits.waiting()]).toEqual([null, 0]);
  leaveGate(first);
  expect(await gateTask(asked, waiting(permits), never)).toEqual(cleared);
});

test('one that is called off while it waits takes no turn with it', async () => {
  const permits = createPermits(1);
  const first = waiting(permits);
  await gateTask(asked, first, never);
  const off = new AbortController();
  const second = waiting(permits);
  const turn = gateTask(asked, second, off.signal);
  off.abort(new Error('called off'));
  await expect(turn).rejects.toThrow('called off');
  leaveGate(first);
  expect(await gateTask(asked, waiting(permits), never)).toEqual(cleared);
  expect(second.permit.get()).toBeNull();
});
