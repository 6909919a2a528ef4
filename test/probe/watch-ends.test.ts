import { getEventListeners } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Probe } from '../../src/probe/probe.ts';
import { watch } from '../../src/probe/watch.ts';
import { never, serve } from './support/servers.ts';
import { base, closing, days, isOpen, log, started } from './support/watched.ts';

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

test('a verdict on a child that has just been replaced is dropped, also before its change is heard', async () => {
  const startedAt = performance.now() - 1_000;
  let asked = 0;
  const second = { pid: process.pid, startedAt: startedAt + 1, seen: () => ++asked > 0 };
  const replaced = () => {
    child = second;
    return true;
  };
  let child = { pid: process.pid, startedAt, seen: replaced };
  const subject = { child: () => child, changed: (signal: AbortSignal) => setTimeout(50, undefined, { signal }) };
  await watch({ ...base, probes: [log] }, subject, never);
  expect(asked).toBe(1);
});

test('at its end it has left nothing: no command runs, nobody hears the signal', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'watch-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const abort = new AbortController();
  const probes: Probe[] = [
    { kind: 'command', command: ['sh', '-c', 'trap "" INT TERM; echo $$ > pid; mv pid here; sleep 600'] },
  ];
  const watching = watch({ ...base, cwd, probes }, started(), abort.signal);
  let pid = 0;
  while (pid === 0) pid = Number(await readFile(join(cwd, 'here'), 'utf8').catch(() => setTimeout(10, '0')));
  abort.abort(new Error('enough'));
  await expect(watching).rejects.toThrow('enough');
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');

  const quiet = new AbortController();
  const { url, port } = await serve((_request, response) => response.end());
  const all: Probe[] = [
    { kind: 'http', url },
    { kind: 'tcp', host: '127.0.0.1', port },
    { kind: 'command', command: ['true'] },
  ];
  await watch({ ...base, probes: all }, started(), quiet.signal);
  expect(getEventListeners(quiet.signal, 'abort')).toEqual([]);
});
