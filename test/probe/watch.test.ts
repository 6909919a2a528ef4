import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Probe } from '../../src/probe/probe.ts';
import { type WatchOptions, watch } from '../../src/probe/watch.ts';
import { startIdle } from './support/processes.ts';
import { freePort, never, serve } from './support/servers.ts';
import { type StagedSubject, stageSubject } from './support/subject.ts';

const days = 86_400_000;
const log: Probe = { kind: 'log', text: 'Starting all services' };
const place = { cwd: '/', env: { PATH: process.env['PATH'] ?? '' } };
const base: WatchOptions = {
  told: 'unknown',
  onProbation: true,
  minHealthyTime: 40,
  deadline: days,
  failFor: days,
  probes: [],
  ...place,
};
const rising = (url: string): Probe => ({
  kind: 'metric',
  url,
  name: 'restarts',
  min: null,
  max: null,
  maxRise: 1,
  within: 600_000,
});

function started(now?: () => number): StagedSubject {
  const subject = stageSubject(now);
  subject.start();
  return subject;
}

/** Whether the watch is still undecided after some time; a promise that settled wins the race at once. */
async function isOpen(watching: Promise<unknown>, time = 150): Promise<boolean> {
  return Promise.race([watching.then(() => false), setTimeout(time, true)]);
}

/** Ends a watch that would go on. */
async function closing(
  options: WatchOptions,
  subject: StagedSubject,
  act: (watching: Promise<unknown>) => Promise<void>,
) {
  const abort = new AbortController();
  const watching = watch(options, subject, abort.signal);
  try {
    await act(watching);
  } finally {
    abort.abort(new Error('the end'));
    await expect(watching).rejects.toThrow('the end');
  }
}

test('without probes it is healthy once it has been up for long enough', async () => {
  expect(await watch(base, started(), never)).toEqual({ verdict: 'healthy', reason: 'up for 40ms' });
});

test('a restart begins the proof anew', async () => {
  const subject = started();
  const options = { ...base, minHealthyTime: 200 };
  const watching = watch(options, subject, never);
  await setTimeout(100);
  subject.stop();
  subject.start();
  const { startedAt } = subject.child()!;
  await watching;
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(200);
});

test('down at first, it waits for the start', async () => {
  const subject = stageSubject();
  const watching = watch(base, subject, never);
  expect(await isOpen(watching)).toBe(true);
  subject.start();
  expect(await watching).toMatchObject({ verdict: 'healthy' });
});

test('crashing all the time it is unhealthy at the deadline, and the reason says so', async () => {
  const subject = stageSubject();
  const abort = new AbortController();
  const watching = watch({ ...base, minHealthyTime: 1_000, deadline: 150 }, subject, never);
  const crashing = (async () => {
    while (!abort.signal.aborted) {
      subject.child() === null ? subject.start() : subject.stop();
      await setTimeout(10);
    }
  })();
  expect(await watching).toEqual({
    verdict: 'unhealthy',
    reason: expect.stringMatching(/^not healthy by its deadline: (the child is not up|it was up for only \S+ of 1s)$/),
  });
  abort.abort();
  await crashing;
});

test('a line of this start is waited for; a line of the start before does not count', async () => {
  const subject = started();
  subject.say('Starting all services...');
  subject.start();
  const watching = watch({ ...base, probes: [log] }, subject, never);
  expect(await isOpen(watching)).toBe(true);
  subject.say('INFO Starting all services...');
  expect(await watching).toEqual({ verdict: 'healthy', reason: 'up for 40ms, and its probe passes' });
});

test('at the deadline every probe that fails is named, and none that passes', async () => {
  const { url, port } = await serve((_request, response) => response.writeHead(503).end());
  const probes: Probe[] = [
    { kind: 'http', url },
    { kind: 'tcp', host: '127.0.0.1', port },
    log,
    { kind: 'command', command: ['false'] },
  ];
  const reason = `${url}/ answered 503; the log never said "Starting all services"; command false exited with status 1`;
  expect(await watch({ ...base, probes, deadline: 100 }, started(), never)).toEqual({
    verdict: 'unhealthy',
    reason: `not healthy by its deadline: ${reason}`,
  });
});

test("another's listener on our port is no health", async () => {
  const { port } = await serve(() => {});
  const subject = stageSubject();
  const pid = startIdle();
  subject.start(pid);
  const probes: Probe[] = [{ kind: 'tcp', host: '127.0.0.1', port }];
  expect(await watch({ ...base, probes, deadline: 100 }, subject, never)).toMatchObject({
    verdict: 'unhealthy',
    reason: expect.stringContaining(`127.0.0.1:${port} is not listened on by our child but by pid ${process.pid} (`),
  });
});

test('a counter that rises too far ends a probation at once', async () => {
  let restarts = 0;
  const { url } = await serve((_request, response) => response.end(`restarts ${restarts++}\n`));
  const judgement = await watch({ ...base, probes: [rising(url)], every: 20, minHealthyTime: days }, started(), never);
  expect(judgement).toEqual({ verdict: 'unhealthy', reason: 'metric restarts rose by 2 within 10m (limit 1)' });
});

test('a restart of the child begins the series anew', async () => {
  let restarts = 0;
  const subject = started();
  const { url } = await serve((_request, response) => {
    response.end(`restarts ${restarts}\n`);
  });
  const options = { ...base, probes: [rising(url), log], every: 20 };
  await closing(options, subject, async (watching) => {
    expect(await isOpen(watching)).toBe(true);
    subject.stop();
    restarts = 9;
    subject.start();
    expect(await isOpen(watching)).toBe(true);
  });
});

test('a subject that answers with a fresh object each time has the same child', async () => {
  const subject = started();
  const fresh = { ...subject, child: () => ({ ...subject.child()! }) };
  expect(await watch(base, fresh, never)).toMatchObject({ verdict: 'healthy' });
});

test('a new runtime asks a new proof of a child that is long up', async () => {
  const subject = started();
  await setTimeout(60);
  const begunAt = performance.now();
  await watch({ ...base, onProbation: false, minHealthyTime: 50 }, subject, never);
  expect(performance.now() - begunAt).toBeGreaterThanOrEqual(50);
});

test('healthy without probes waits for the abort', async () => {
  await closing({ ...base, told: 'healthy', deadline: 1, failFor: 1 }, started(), async (watching) => {
    expect(await isOpen(watching)).toBe(true);
  });
});

test('liveness: a probe that fails for too long is unhealthy; one that passes now and then is not', async () => {
  const port = await freePort();
  const tcp: Probe = { kind: 'tcp', host: '127.0.0.1', port };
  expect(await watch({ ...base, told: 'healthy', probes: [tcp], failFor: 60 }, started(), never)).toEqual({
    verdict: 'unhealthy',
    reason: `no pass for 60ms: nothing listens on 127.0.0.1:${port}`,
  });
  let count = 0;
  const { url } = await serve((_request, response) => response.writeHead(count++ % 2 === 0 ? 500 : 200).end());
  const flapping: Probe = { kind: 'http', url };
  await closing(
    { ...base, told: 'healthy', probes: [flapping], failFor: 1_000, every: 20 },
    started(),
    async (watching) => {
      expect(await isOpen(watching, 300)).toBe(true);
      expect(count).toBeGreaterThan(2);
    },
  );
});

test('liveness: a child that is down pauses the count; another start goes on with it', async () => {
  const subject = started();
  await closing({ ...base, told: 'healthy', probes: [log], failFor: 200, every: 20 }, subject, async (watching) => {
    subject.stop();
    expect(await isOpen(watching, 400)).toBe(true);
  });
  const watching = watch({ ...base, told: 'healthy', probes: [log], failFor: 200, every: 20 }, subject, never);
  subject.start();
  expect(await watching).toMatchObject({ verdict: 'unhealthy' });
});

test('liveness: a start is given its allowance until the first pass, and not after it', async () => {
  const subject = started();
  const options: WatchOptions = { ...base, told: 'healthy', probes: [log], failFor: 60, every: 20, allowance: days };
  let isFine = true;
  const fickle = { ...subject.child()!, seen: () => isFine };
  await closing(options, subject, async (watching) => expect(await isOpen(watching, 300)).toBe(true));
  const told: (readonly string[])[] = [];
  const watching = watch(
    { ...options, failing: (whys) => told.push(whys) },
    { ...subject, child: () => fickle },
    never,
  );
  expect(await isOpen(watching, 100)).toBe(true);
  isFine = false;
  expect(await watching).toMatchObject({ verdict: 'unhealthy' });
  expect(told).toEqual([['the log never said "Starting all services"']]);
});

test('told unhealthy it ends with healthy only', async () => {
  const subject = started();
  const options: WatchOptions = { ...base, told: 'unhealthy', probes: [log], deadline: 1, failFor: 1 };
  const watching = watch(options, subject, never);
  expect(await isOpen(watching)).toBe(true);
  subject.say('Starting all services');
  expect(await watching).toMatchObject({ verdict: 'healthy' });
});

test('what fails is told when it changes, and only then', async () => {
  const subject = started();
  const told: (readonly string[])[] = [];
  const failing = (whys: readonly string[]) => void told.push(whys);
  await closing(
    { ...base, told: 'unhealthy', probes: [log], minHealthyTime: days, every: 20, failing },
    subject,
    async (watching) => {
      await isOpen(watching);
      subject.stop();
      await isOpen(watching);
      subject.start();
      await isOpen(watching);
      subject.say('Starting all services');
      await isOpen(watching);
    },
  );
  const words = ['the log never said "Starting all services"'];
  expect(told).toEqual([words, [], words, []]);
  expect(subject.asked()).toBeGreaterThan(told.length);
});

test('an abort ends a watch in the middle of a round', async () => {
  const abort = new AbortController();
  const { url } = await serve(() => abort.abort(new Error('enough')));
  await expect(watch({ ...base, probes: [{ kind: 'http', url }] }, started(), abort.signal)).rejects.toThrow('enough');
});

test('a round that a restart cuts short is dropped: the answer was of the former start', async () => {
  const subject = started();
  let asked = 0;
  const { url } = await serve((_request, response) => {
    asked += 1;
    if (asked > 1) return void response.writeHead(200).end();
    subject.start();
    response.writeHead(200).end();
  });
  await watch({ ...base, probes: [{ kind: 'http', url }], minHealthyTime: 1, every: 20 }, subject, never);
  expect(asked).toBeGreaterThan(1);
});
