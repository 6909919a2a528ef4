import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../support/random.ts';
import type { Supervisor } from './supervisor.ts';

/**
 * When a supervisor is killed: somewhere in its start; right after one of the things that it says (there it is about to lock, to
 * spawn, to signal or to save); after it was told to stop; or some time later, when it is at rest.
 */
export type Moment =
  | { readonly at: 'start'; readonly share: number }
  | { readonly at: 'line'; readonly line: number; readonly after: number }
  | { readonly at: 'stop'; readonly after: number }
  | { readonly at: 'rest'; readonly after: number };

/** A line that does not come is not waited for longer. Milliseconds. */
const PATIENCE = 700;
const LONGEST_START = 10_000;

export function drawMoment(random: Random): Moment {
  const which = random.next();
  if (which < 0.12) return { at: 'start', share: random.next() };
  if (which < 0.74) return { at: 'line', line: random.between(1, 24), after: random.between(0, 30) };
  if (which < 0.86) return { at: 'stop', after: random.between(0, 250) };
  return { at: 'rest', after: random.between(400, 1_200) };
}

/** How long the last starts took until the first word, on this machine as it is busy now. Milliseconds. */
let usualStart = 800;

/** How long before the death of a daemon its successor is started, so that the one lets go of the home when the other looks at it. */
export const leadOf = (random: Random): number => random.next() * 1.3 * usualStart;

/** Resolves at that moment, or when the supervisor has ended. */
export async function reach(moment: Moment, supervisor: Supervisor): Promise<void> {
  if (moment.at === 'start') return until(supervisor, supervisor.startedAt + moment.share * usualStart);
  await begun(supervisor);
  switch (moment.at) {
    case 'rest':
      return until(supervisor, performance.now() + moment.after);
    case 'line':
      await within(PATIENCE, supervisor, () => supervisor.said.length >= moment.line);
      return sleep(moment.after);
    case 'stop':
      supervisor.isStopping = true;
      supervisor.kill('SIGTERM');
      return sleep(moment.after);
  }
}

/** It has said its first word. */
async function begun(supervisor: Supervisor): Promise<void> {
  await within(LONGEST_START, supervisor, () => supervisor.said.length >= 1);
  const first = supervisor.said[0];
  if (first !== undefined && !supervisor.isPaused) usualStart += (first.at - supervisor.startedAt - usualStart) / 8;
}

async function until(supervisor: Supervisor, time: number): Promise<void> {
  const left = time - performance.now();
  if (left > 0) await Promise.race([sleep(left), supervisor.ended]);
}

async function within(patience: number, supervisor: Supervisor, isSo: () => boolean): Promise<void> {
  const late = sleep(patience).then(() => true);
  let isLate = false;
  void late.then(() => {
    isLate = true;
  });
  while (!isSo() && !isLate && !supervisor.hasEnded()) await Promise.race([supervisor.next(), late]);
}
