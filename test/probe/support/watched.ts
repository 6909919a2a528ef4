import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Probe } from '../../../src/probe/probe.ts';
import { type WatchOptions, watch } from '../../../src/probe/watch.ts';
import { type StagedSubject, stageSubject } from './subject.ts';

export const days = 86_400_000;
export const log: Probe = { kind: 'log', text: 'Starting all services' };
const place = { cwd: '/', env: { PATH: process.env['PATH'] ?? '' } };
export const base: WatchOptions = {
  told: 'unknown',
  onProbation: true,
  minHealthyTime: 40,
  deadline: days,
  failFor: days,
  probes: [],
  ...place,
};
export const rising = (url: string): Probe => ({
  kind: 'metric',
  url,
  name: 'restarts',
  min: null,
  max: null,
  maxRise: 1,
  within: 600_000,
});

/** A subject whose child is up. */
export function started(now?: () => number): StagedSubject {
  const subject = stageSubject(now);
  subject.start();
  return subject;
}

/** Whether the watch is still undecided after some time; a promise that settled wins the race at once. */
export async function isOpen(watching: Promise<unknown>, time = 150): Promise<boolean> {
  return Promise.race([watching.then(() => false), setTimeout(time, true)]);
}

/** Ends a watch that would go on. */
export async function closing(
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
