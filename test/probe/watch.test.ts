import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Probe } from '../../src/probe/probe.ts';
import { watch } from '../../src/probe/watch.ts';
import { startIdle } from './support/processes.ts';
import { never, serve } from './support/servers.ts';
import { stageSubject } from './support/subject.ts';
import { base, closing, days, isOpen, log, rising, started } from './support/watched.ts';

test('without probes it is healthy once it has been up for long enough', async () => {
  expect(await watch(base, started(), never)).toEqual({ verdict: 'healthy', reason: 'up for 40ms' });
});

test.each([5, 8, 11, 13, 17])(
  'a proof that ends while it is looked at is seen at once, not at the deadline (every look takes %i ms)',
  async (look) => {
    let time = 0;
    const now = () => (time += look);
    expect(
      await watch(
        { ...base, now },
        started(() => 0),
        never,
      ),
    ).toMatchObject({ verdict: 'healthy' });
  },
);

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
