import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type WatchOptions, watch } from '../../src/probe/watch.ts';
import { lineOf, start } from './support/processes.ts';
import { never } from './support/servers.ts';
import { stageSubject } from './support/subject.ts';

const hour = 3_600_000;
const options: WatchOptions = {
  told: 'healthy',
  onProbation: false,
  minHealthyTime: 1,
  deadline: 0,
  failFor: 1_000,
  every: 100,
  probes: [{ kind: 'log', text: 'never said' }],
  cwd: '/',
  env: {},
};

test('time that the supervisor slept through between two rounds is not failing', async () => {
  let skew = 0;
  const now = () => performance.now() + skew;
  const subject = stageSubject(now);
  subject.start();
  let askedAtWake = 0;
  const failing = () =>
    void setTimeout(() => {
      skew = hour;
      askedAtWake = subject.asked();
    }, 50);
  await watch({ ...options, now, failing }, subject, never);
  expect(askedAtWake).toBeGreaterThan(0);
  expect(subject.asked() - askedAtWake).toBeGreaterThan(3);
});

test('a round that was slept through is asked again: its time limits ran out meanwhile', async () => {
  let skew = 0;
  const now = () => performance.now() + skew;
  const subject = stageSubject(now);
  subject.start();
  const living = subject.child()!;
  let asked = 0;
  const seen = () => {
    asked += 1;
    if (asked === 1) skew = hour;
    return asked > 1;
  };
  const sleepy = { ...subject, child: () => child };
  const child = { ...living, seen };
  const judged = watch({ ...options, told: 'unknown', onProbation: true, deadline: 0, now }, sleepy, never);
  expect(await judged).toMatchObject({ verdict: 'healthy' });
  expect(asked).toBe(2);
});

test('a real SIGSTOP of the supervisor does not count', async () => {
  const script = fileURLToPath(new URL('./support/watching.ts', import.meta.url));
  const supervisor = start(process.execPath, ['--import', 'tsx', script]);
  expect(await lineOf(supervisor)).toBe('failing');
  const stoppedAt = performance.now();
  process.kill(supervisor.pid, 'SIGSTOP');
  await new Promise((resume) => setTimeout(resume, 2_500));
  const slept = performance.now() - stoppedAt;
  process.kill(supervisor.pid, 'SIGCONT');
  const took = Number(await lineOf(supervisor));
  // The gap is recognised but for the tolerance of a tick; what was seen to fail is the whole limit.
  expect(took).toBeGreaterThan(2_000 + slept - 200);
});
