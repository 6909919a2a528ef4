import { expect, test } from 'vitest';
import { born } from '../../src/core/born.ts';
import type { InstanceEvent } from '../../src/core/events.ts';
import type { Instance } from '../../src/core/instance.ts';
import type { Policy } from '../../src/core/policy.ts';
import { keyOf, type Task } from '../../src/core/tasks.ts';
import { createController } from '../../src/daemon/controller.ts';
import { unasked } from '../core/walk/scenario.ts';
import { deployment, release, settings } from '../support/deployments.ts';

const policy: Policy = {
  exits: 3,
  boots: 3,
  retry: { after: 1_000, max: 1_000, attempts: 3 },
  download: { after: 1_000, max: 1_000 },
  restart: { after: 1_000, max: 1_000, stableAfter: 10_000 },
  rollbackWindow: 0,
  liveness: { failFor: 1_000, restarts: 3, per: 10_000 },
  keep: 1,
  allowDowngrade: true,
  isDowngrade: () => false,
  ...unasked,
};

const committed: Instance = {
  ...born(settings('a'), null),
  slot: { at: 'running', deployment: deployment('a'), verdict: 'healthy', reason: null, exits: 0, youngUntil: null },
  proven: { [release('a').checksum]: [] },
};

const clock = { now: 0 };

/** A controller with a disk that can fill up. */
function shell(first: Instance, look: () => void = () => {}) {
  clock.now = 0;
  const faults: unknown[] = [];
  const saved: Instance[] = [];
  const unsaved: (string | null)[] = [];
  const order: string[] = [];
  let wanted: readonly Task[] = [];
  const disk = { isFull: false };
  const controller = createController(first, {
    policy: () => policy,
    moment: () => ({ now: clock.now, chance: 0.5 }),
    async save(instance) {
      await new Promise((resolve) => setImmediate(resolve));
      if (disk.isFull) throw new Error('ENOSPC');
      order.push('save');
      saved.push(instance);
    },
    observe(_, event) {
      order.push(event.type);
      look();
    },
    want(tasks) {
      order.push('want');
      wanted = tasks;
    },
    broke: (error) => faults.push(error),
    unsaved: (error) => unsaved.push(error === null ? null : String(error)),
  });
  return { controller, saved, unsaved, faults, order, disk, wanted: () => wanted.map(keyOf) };
}

const announced = (name: string): InstanceEvent => ({
  type: 'announced',
  current: release(name),
  pending: null,
  upgradeAhead: false,
  specVersion: null,
  block: 1,
  ready: [],
});
const exited: InstanceEvent = {
  type: 'exited',
  of: deployment('a').id,
  final: false,
  uptime: 5,
  reason: 'exited with status 1',
};
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('saves before anything that it calls for begins, and only what changed', async () => {
  const { controller, order, saved } = shell(committed);
  await controller.ask(announced('b'));
  await controller.ask(announced('b'));
  expect(order).toEqual(['save', 'announced', 'want', 'announced', 'want']);
  expect(saved).toHaveLength(1);
});

test('where the disk is full nothing is decided: the present child stays, and it is said', async () => {
  const { controller, disk, unsaved, wanted } = shell(committed);
  disk.isFull = true;
  controller.tell(announced('b'));
  await later(20);
  expect(controller.value()).toEqual(committed);
  expect(wanted().map((key) => key.split(' ')[0])).toEqual(['run', 'watch']);
  expect(unsaved).toEqual(['Error: ENOSPC']);
  await controller.stop();
});

test('a crash of the committed child on a full disk is no client down: it rests and is started again', async () => {
  const { controller, disk, wanted } = shell({
    ...committed,
    slot: { ...committed.slot, exits: 2 } as Instance['slot'],
  });
  disk.isFull = true;
  controller.tell(exited);
  await later(20);
  expect(wanted()).toEqual(['sleep 500']);
  await controller.stop();
});

/** On probation, with a way back to what was committed. */
const onProbation: Instance = {
  ...committed,
  slot: {
    at: 'probation',
    deployment: deployment('b'),
    verdict: 'unknown',
    reason: null,
    exits: 0,
    boots: 0,
    since: 0,
  },
  formers: [{ deployment: deployment('a'), data: null }],
};

test('a client on probation that crashes on a full disk is started again, and leads back like any other', async () => {
  const { controller, disk, saved, wanted, unsaved, order } = shell(onProbation);
  disk.isFull = true;
  const crash: InstanceEvent = { ...exited, of: deployment('b').id };
  controller.tell(crash);
  await later(20);
  expect(wanted()).toEqual(['sleep 500']);
  clock.now = 500;
  controller.tell({ type: 'woke' });
  await later(20);
  expect(wanted()).toContain(`run ${deployment('b').id} 0`);
  for (let crashes = 2; crashes <= policy.exits; crashes += 1) {
    controller.tell(crash);
    await later(20);
    clock.now += 5_000;
    controller.tell({ type: 'woke' });
    await later(20);
  }
  expect(wanted()).toContain(`run ${deployment('a').id} 0`);
  expect(controller.value().bars).toHaveLength(1);
  expect(order.filter((what) => what === 'exited')).toHaveLength(policy.exits);
  expect(saved).toEqual([]);
  disk.isFull = false;
  await later(2_300);
  expect(saved.at(-1)?.slot).toMatchObject({ at: 'running', deployment: deployment('a') });
  expect([unsaved[0], unsaved.at(-1)]).toEqual(['Error: ENOSPC', null]);
  await controller.stop();
});

test('forward nothing goes on a full disk: neither what is staged nor what is healthy enters unsaved', async () => {
  const next = { at: 'staged', deployment: deployment('b'), since: 0 } as const;
  const staged: Instance = { ...committed, chain: { ...committed.chain, named: release('b') }, next };
  for (const [first, event] of [
    [staged, { type: 'cleared', of: deployment('b').id }],
    [onProbation, { type: 'healthy', of: deployment('b').id }],
  ] as const) {
    const { controller, disk } = shell(first);
    disk.isFull = true;
    controller.tell(event);
    await later(20);
    expect(controller.value()).toEqual(first);
    await controller.stop();
  }
});

test('a person is told that nothing was changed', async () => {
  const { controller, disk } = shell(committed);
  disk.isFull = true;
  await expect(controller.ask({ type: 'stopped' })).rejects.toThrow('ENOSPC');
  expect(controller.value().said.stopped).toBe(false);
  await controller.stop();
});

test('what was parked is told again when there is room; of a level only the last that was said', async () => {
  const { controller, disk, unsaved } = shell(committed);
  disk.isFull = true;
  controller.tell(announced('b'));
  controller.tell(announced('c'));
  await later(20);
  disk.isFull = false;
  await later(2_300);
  expect(controller.value().chain.named).toEqual(release('c'));
  expect(controller.value().next?.deployment.id).toBe(
    (await import('../../src/core/deployment.ts')).deploymentOf(release('c'), settings('a')).id,
  );
  expect(unsaved.at(-1)).toBe(null);
  await controller.stop();
});

test('a time that has come on a full disk keeps no client down: the rest of the committed child ends all the same', async () => {
  const { controller, disk, wanted } = shell({
    ...committed,
    slot: { ...committed.slot, youngUntil: -1 } as Instance['slot'],
  });
  disk.isFull = true;
  controller.tell(exited);
  await later(20);
  expect(wanted()).toContain('sleep 500');
  controller.tell({ type: 'woke' });
  await later(20);
  expect(wanted()).toContain('sleep 500');
  clock.now = 500;
  controller.tell({ type: 'woke' });
  await later(20);
  expect(wanted().filter((key) => key.startsWith('run'))).toHaveLength(1);
  await controller.stop();
});

test('what was not done is not told: a refused act and a parked event leave no line in the history', async () => {
  const { controller, disk, order } = shell(committed);
  disk.isFull = true;
  await expect(controller.ask({ type: 'held', until: null })).rejects.toThrow('ENOSPC');
  controller.tell(announced('b'));
  await later(20);
  expect(order.filter((what) => what !== 'want')).toEqual([]);
  await controller.stop();
});

test('that the state can be saved again is found out also where nothing waits for it', async () => {
  const { controller, disk, unsaved } = shell(committed);
  disk.isFull = true;
  await expect(controller.ask({ type: 'stopped' })).rejects.toThrow('ENOSPC');
  disk.isFull = false;
  await later(2_300);
  expect(unsaved).toEqual(['Error: ENOSPC', null]);
  await controller.stop();
});

test('an observer that breaks keeps nothing from being done, and nobody waiting', async () => {
  const { controller, faults, wanted } = shell(committed, () => {
    throw new Error('a broken page');
  });
  await controller.ask({ type: 'stopped' });
  expect([wanted(), faults.map(String)]).toEqual([[], ['Error: a broken page']]);
});

test('an event that breaks is answered too, and so is one that comes after the stop', async () => {
  const { controller, faults } = shell(committed);
  await expect(controller.ask(null as unknown as InstanceEvent)).rejects.toThrow('null');
  expect(faults).toHaveLength(1);
  await controller.stop();
  await expect(controller.ask({ type: 'stopped' })).rejects.toMatchObject({ code: 'busy' });
  expect(controller.value().said.stopped).toBe(false);
});
