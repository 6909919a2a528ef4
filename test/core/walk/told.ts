import { expect } from 'vitest';
import { loadCore } from './core.ts';
import type { Scenario } from './scenario.ts';
import { walk } from './walk.ts';

const core = await loadCore(new URL('../../../src/core/', import.meta.url));

/** Walks a scenario whole; where a law is broken the failure tells which, and the shortest way there. */
export function expectLawful(scenario: Scenario): { states: number; transitions: number } {
  const { states, transitions, findings } = walk(core, scenario, { every: 16 });
  const told = findings.map(({ law, trace, value }) => `${law}\n    ${trace.join(' · ')}\n    ${value}`);
  expect(told).toEqual([]);
  return { states, transitions };
}
