import { lawsOfNext } from './of-next.ts';
import { lawsOfSlot } from './of-slot.ts';
import { lawsOfSteps } from './of-steps.ts';
import { lawsOfValues } from './of-values.ts';

export const lawsOfStates = [...lawsOfSlot, ...lawsOfNext];
export { lawsOfSteps, lawsOfValues };

/** Every law, as docs/rules.md names them. */
export const allLaws: readonly string[] = [
  ...lawsOfStates.map(({ law }) => law),
  ...lawsOfSteps.map(({ law }) => law),
  ...lawsOfValues.map(({ law }) => law),
  'the right end stays reachable',
  'nothing changes hands for ever',
];
