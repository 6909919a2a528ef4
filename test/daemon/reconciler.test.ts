import { expect, test, vi } from 'vitest';
import type { TaskEvent } from '../../src/core/events.ts';
import type { Task } from '../../src/core/tasks.ts';
import { createReconciler, type Stage } from '../../src/daemon/reconciler.ts';
import { deployment } from '../support/deployments.ts';

const [a, b] = [deployment('a'), deployment('b')];
const run = (of: typeof a, turn = 0): Task => ({ do: 'run', of, turn });
const sleep = (until: number): Task => ({ do: 'sleep', until });

/** A reconciler whose tasks are ended by hand. */
function stage(before?: Promise<void>) {
  const told: TaskEvent[] = [];
  const broke: unknown[] = [];
  const log: string[] = [];
  const ends = new Map<string, (event: TaskEvent) => void>();
  const name = (task: Task) =>
    task.do === 'run' ? `${task.of.args[0]}${task.turn}` : task.do === 'sleep' ? `s${task.until}` : task.do;
  const reconciler = createReconciler(
    {
      async start(task, { signal, enter }: Stage) {
        if (task.do === 'run') await enter();
        log.push(`${name(task)} in`);
        signal.addEventListener('abort', () => log.push(`${name(task)} asked`));
        if (signal.aborted) log.push(`${name(task)} asked`);
        const event = await new Promise<TaskEvent>((resolve) => ends.set(name(task), resolve));
        log.push(`${name(task)} out`);
        return event;
      },
      ended: (event) => told.push(event),
      broke: (_, error) => broke.push(error),
    },
    before,
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    reconciler,
    told,
    broke,
    log,
    async end(what: string) {
      ends.get(what)?.({ type: 'woke' });
      await settle();
    },
    settle,
  };
}

test('starts what is wanted once, and not again while it stays wanted', async () => {
  const { reconciler, told, log, end, settle } = stage();
  reconciler.want([sleep(1)]);
  reconciler.want([sleep(1), sleep(2)]);
  await settle();
  await end('s1');
  reconciler.want([sleep(1), sleep(2)]);
  await settle();
  expect(log).toEqual(['s1 in', 's2 in', 's1 out']);
  expect(told).toEqual([{ type: 'woke' }]);
});

test('what left the wanted and comes back is started again', async () => {
  const { reconciler, log, end, settle } = stage();
  reconciler.want([sleep(1)]);
  await settle();
  await end('s1');
  reconciler.want([]);
  reconciler.want([sleep(1)]);
  await settle();
  expect(log.filter((line) => !line.endsWith('asked'))).toEqual(['s1 in', 's1 out', 's1 in']);
});

test('the event of an aborted task is dropped: the exit that we caused is no crash', async () => {
  const { reconciler, told, end, settle } = stage();
  reconciler.want([run(a)]);
  await settle();
  reconciler.want([]);
  await end('a0');
  expect(told).toEqual([]);
});

test('the slot has one task: the next enters when the last has fully left', async () => {
  const { reconciler, log, end, settle } = stage();
  reconciler.want([run(a)]);
  await settle();
  reconciler.want([run(b)]);
  await settle();
  expect(log).toEqual(['a0 in', 'a0 asked']);
  await end('a0');
  expect(log).toEqual(['a0 in', 'a0 asked', 'a0 out', 'b0 in']);
});

test('a task that comes back while it still leaves waits for itself', async () => {
  const { reconciler, log, end, settle } = stage();
  reconciler.want([run(a)]);
  await settle();
  reconciler.want([run(b)]);
  reconciler.want([run(a)]);
  await settle();
  expect(log.filter((line) => line.endsWith('in'))).toEqual(['a0 in']);
  await end('a0');
  await end('b0');
  expect(log.filter((line) => line.startsWith('a0'))).toEqual(['a0 in', 'a0 asked', 'a0 out', 'a0 in']);
});

test('nothing enters before what was there at the start has left', async () => {
  let orphanLeaves = () => {};
  const { reconciler, log, settle } = stage(new Promise((resolve) => (orphanLeaves = resolve)));
  reconciler.want([run(a)]);
  await settle();
  expect(log).toEqual([]);
  orphanLeaves();
  await settle();
  expect(log).toEqual(['a0 in']);
});

test('a task that throws is told as broken, and holds the slot no longer', async () => {
  const broke: unknown[] = [];
  const entered: string[] = [];
  const reconciler = createReconciler({
    async start(task, { enter }) {
      await enter();
      if (task.do === 'run' && task.of === a) throw new Error('broken');
      entered.push('b');
      return new Promise(() => {});
    },
    ended: () => {},
    broke: (_, error) => broke.push(error),
  });
  reconciler.want([run(a)]);
  await new Promise((resolve) => setImmediate(resolve));
  reconciler.want([run(b)]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(broke).toHaveLength(1);
  expect(entered).toEqual(['b']);
});

test('stop ends everything and waits for it', async () => {
  const { reconciler, log, end, settle } = stage();
  reconciler.want([run(a), sleep(1)]);
  await settle();
  let stopped = false;
  const stop = reconciler.stop().then(() => (stopped = true));
  await settle();
  expect([log.includes('a0 asked'), stopped]).toEqual([true, false]);
  await end('a0');
  await end('s1');
  await stop;
});

test('a task that broke is begun again while it stays wanted, and not after', async () => {
  vi.useFakeTimers();
  try {
    const begun: string[] = [];
    const reconciler = createReconciler({
      async start(task) {
        begun.push(task.do);
        throw new Error('broken');
      },
      ended: () => {},
      broke: () => {},
    });
    reconciler.want([sleep(1)]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(begun).toHaveLength(2);
    reconciler.want([]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(begun).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});
