import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Client } from '../support/client/client.ts';
import { joinFleet } from './client.ts';
import { command } from './command.ts';
import { comesToRest, type Possible } from './compare.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { begun } from './model.ts';
import { type Program, type Step, written } from './words.ts';

export interface Surroundings {
  readonly folder: string;
  readonly program: string;
  readonly client: Client;
  /** Whether there may be a small disk that can be filled. */
  readonly small: boolean;
}

/** How a run ended. `difference` `null`: as the model said, from its first word to its last. */
export interface Ended {
  readonly program: Program;
  /** What was done of it. */
  readonly done: readonly Step[];
  readonly difference: string | null;
  readonly rests: number;
  readonly sights: number;
}

/** Makes these runs at the same time, each with a client of one daemon. All have the same shared words, in the same order. */
export async function runTogether(programs: readonly Program[], on: Surroundings): Promise<readonly Ended[]> {
  const folder = await mkdtemp(join(on.folder, 'fleet-'));
  const fleet = await startFleet({ ...on, folder, members: programs.map(({ patience }) => patience) });
  try {
    return await Promise.all(programs.map((program, member) => runOne(program, fleet, member)));
  } finally {
    await fleet.close();
  }
}

async function runOne(program: Program, fleet: Fleet, member: number): Promise<Ended> {
  const real = joinFleet(fleet, member, program.patience);
  const model: Possible = { states: [begun(program.patience)], formerly: [], isAtRest: false, rests: 0, sights: 0 };
  const done: Step[] = [];
  const ended = (difference: string | null): Ended => ({ program, done, difference, ...counts(model) });
  try {
    await fc.asyncModelRun(
      () => ({ model, real }),
      program.steps.map((step) => command(step, done)),
    );
    if (real.isFull()) await real.hear({ do: 'free disk' });
    await real.apply();
    await comesToRest(model, real);
    return ended(real.complaints()[0] ?? null);
  } catch (error) {
    return ended(`${error instanceof Error ? error.message : String(error)}; its history ends with: ${real.tale()}`);
  } finally {
    real.leave();
  }
}

const counts = ({ rests, sights }: Possible) => ({ rests, sights });

/** A difference with what led to it, such that a person can follow it, and `found` in test/lab can repeat it. */
export function inWords({ program: { patience }, done, difference }: Ended): string {
  const told = Object.entries(patience).map(([key, value]) => `${key} ${value}`);
  return `after “${done.map(written).join(', ')}” (${told.join(', ')}): ${difference}`;
}
