import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, isBuilt } from '../scripts/build.mjs';
import type { Experiment, Options, Result } from './experiment.ts';
import { endAllOf } from './support/left-over.ts';
import { copyProgram } from './support/program.ts';

export interface Conduct extends Pick<Options, 'size' | 'seed' | 'rounds' | 'workers' | 'say'> {
  /** Name of one of the experiment's defects; `null`: the program as it is. */
  readonly defect: string | null;
  readonly keep?: boolean;
}

/** Runs an experiment once, in a scratch folder of its own, on a copy of the program; what it leaves behind is ended. */
export async function conduct(experiment: Experiment, { defect, keep = false, ...how }: Conduct): Promise<Result> {
  if (!isBuilt()) build();
  const folder = await mkdtemp(join(tmpdir(), `vaultvisor-lab-${experiment.name}-`));
  const patch = defect === null ? null : experiment.defects[defect];
  if (patch === undefined) throw new Error(`${experiment.name} knows no defect ${defect}`);
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  process.once('SIGINT', stop);
  try {
    const program = copyProgram(folder, patch);
    return await experiment.run({ ...how, program, folder, signal: interrupted.signal });
  } finally {
    process.off('SIGINT', stop);
    endAllOf(folder);
    if (keep) how.say(`kept: ${folder}`);
    else await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
