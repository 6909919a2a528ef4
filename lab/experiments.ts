import { clockExperiment } from './clock/experiment.ts';
import { disks } from './disks/experiment.ts';
import type { Experiment } from './experiment.ts';
import { failingCalls } from './failing-calls/experiment.ts';
import { hosts } from './hosts/experiment.ts';
import { killPoints } from './kill-points/experiment.ts';
import { loadExperiment } from './load/experiment.ts';
import { modelExperiment } from './model/experiment.ts';
import { powerCut } from './power-cut/experiment.ts';
import { soakExperiment } from './soak/experiment.ts';
import { takeover } from './takeover/experiment.ts';

/** In the order in which `npm run lab` runs them. One line each, to be added with the experiment. */
export const experiments: readonly Experiment[] = [
  soakExperiment,
  loadExperiment,
  killPoints,
  failingCalls,
  powerCut,
  disks,
  modelExperiment,
  clockExperiment,
  hosts,
  takeover,
];
