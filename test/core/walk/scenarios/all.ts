import type { Scenario } from '../scenario.ts';
import { ofEdits } from './of-edits.ts';
import { ofPersons } from './of-persons.ts';
import { ofReleases } from './of-releases.ts';
import { ofRuntimes } from './of-runtimes.ts';
import { ofTrouble } from './of-trouble.ts';

/** In each of them everything that its budget allows happens in every order. */
export const scenarios: readonly Scenario[] = [...ofReleases, ...ofEdits, ...ofRuntimes, ...ofTrouble, ...ofPersons];
