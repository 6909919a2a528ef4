import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { homeAt } from '../../src/layout.ts';
import { textAt } from './journal.ts';
import type { Random } from './random.ts';

/** When the power is cut: so long after something was first seen. */
export interface Moment {
  readonly after: Seen;
  /** Milliseconds. */
  readonly delay: number;
}

export type Seen = 'asked' | 'downloading' | 'verified' | 'laying out' | 'on probation' | 'started' | 'decided';

/** What is not seen within this time does not happen in this story (ms). */
const PATIENCE = 3_000;

/** In the order in which they are seen. */
export const everySeen: readonly Seen[] = [
  'asked',
  'downloading',
  'verified',
  'laying out',
  'on probation',
  'started',
  'decided',
];

export function nextMoment(random: Random, from = everySeen): Moment {
  const after = random.pick(from);
  return { after, delay: after === 'asked' ? random.between(0, 2_500) : random.between(0, random.pick([3, 30, 300])) };
}

/** Makes the tests of what has been seen, against what is there now. */
export function watchFor(
  home: string,
  place: string,
  witness: string,
  log: string,
): Readonly<Record<Seen, () => boolean>> {
  const { store, instance } = homeAt(home);
  const folder = instance(...(place.split('/') as [string, string]));
  const journal = join(witness, 'journal');
  const before = {
    verified: namesIn(store.verified).length,
    laid: namesIn(folder.deployments).length,
    journal: textAt(journal).length,
    log: textAt(log).length,
  };
  return {
    asked: () => true,
    downloading: () => namesIn(store.partial).length > 0,
    verified: () => namesIn(store.verified).length > before.verified,
    'laying out': () => namesIn(folder.deployments).length > before.laid,
    'on probation': () => textAt(folder.state).includes('"at": "probation"'),
    started: () => textAt(journal).slice(before.journal).includes(' start '),
    decided: () => /"event":"(committed|rolledBack)"/.test(textAt(log).slice(before.log)),
  };
}

export async function until({ after, delay }: Moment, seen: Readonly<Record<Seen, () => boolean>>): Promise<void> {
  for (const end = performance.now() + PATIENCE; performance.now() < end && !seen[after](); ) await sleep(1);
  await sleep(delay);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
