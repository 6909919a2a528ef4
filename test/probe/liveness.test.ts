import { expect, test } from 'vitest';
import type { Probe } from '../../src/probe/probe.ts';
import { type WatchOptions, watch } from '../../src/probe/watch.ts';
import { freePort, never, serve } from './support/servers.ts';
import { base, closing, days, isOpen, log, started } from './support/watched.ts';

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
    { ...base, told: 'healthy', probes: [flapping], failFor: 400, every: 20 },
    started(),
    async (watching) => {
      expect(await isOpen(watching, 1_200)).toBe(true);
      await expect.poll(() => count, { timeout: 20_000 }).toBeGreaterThan(4);
    },
  );
});

test('liveness: a child that is down pauses the count, and another start goes on with it', async () => {
  const subject = started();
  let stops = 0;
  const watching = watch(
    {
      ...base,
      told: 'healthy',
      probes: [log],
      failFor: 250,
      every: 20,
      failing: () => void (stops++ === 0 && subject.stop()),
    },
    subject,
    never,
  );
  expect(await isOpen(watching, 400)).toBe(true);
  const asked = subject.asked();
  subject.start();
  expect(await watching).toMatchObject({ verdict: 'unhealthy' });
  expect(subject.asked() - asked).toBeGreaterThan(2);
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
