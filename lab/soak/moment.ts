import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../support/random.ts';
import type { Supervisor } from './supervisor.ts';

/**
 * When a supervisor is killed: somewhere in its start; right after one of the things that it says (there it is about to lock, to
 * spawn, to signal or to save); after it was told to stop; or some time later, when it is at rest.
 */
export type Moment =
  | { readonly at: 'start'; readonly after: number }
  | { readonly at: 'line'; readonly line: number; readonly after: number }
  | { readonly at: 'stop'; readonly after: number }
  | { readonly at: 'rest'; readonly after: number };

/** A line that does not come is not waited for longer. Milliseconds. */
const PATIENCE = 800;

export function drawMoment(random: Random): Moment {
  const which = random.next();
  if (which < 0.12) return { at: 'start', after: random.between(0, 900) };
  if (which < 0.74) return { at: 'line', line: random.between(1, 24), after: random.between(0, 30) };
  if (which < 0.86) return { at: 'stop', after: random.between(0, 250) };
  return { at: 'rest', after: random.between(900, 1_600) };
}

/** Resolves at that moment, or when the supervisor has ended. */
export async function reach(moment: Moment, supervisor: Supervisor): Promise<void> {
  switch (moment.at) {
    case 'start':
    case 'rest':
      return until(supervisor, moment.after);
    case 'line':
      await within(PATIENCE, supervisor, () => supervisor.said.length >= moment.line);
      return sleep(moment.after);
    case 'stop':
      await within(PATIENCE, supervisor, () => supervisor.said.length >= 1);
      supervisor.isStopping = true;
      supervisor.kill('SIGTERM');
      return sleep(moment.after);
  }
}

async function until(supervisor: Supervisor, after: number): Promise<void> {
  const left = after - (performance.now() - supervisor.startedAt);
  if (left > 0) await Promise.race([sleep(left), supervisor.ended]);
}

async function within(patience: number, supervisor: Supervisor, isSo: () => boolean): Promise<void> {
  const late = sleep(patience).then(() => true);
  let isLate = false;
  void late.then(() => (isLate = true));
  while (!isSo() && !isLate && !supervisor.hasEnded()) await Promise.race([supervisor.next(), late]);
}
