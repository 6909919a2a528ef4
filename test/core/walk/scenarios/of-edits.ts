import type { Scenario } from '../scenario.ts';

/** What an operator edits. */
export const ofEdits: readonly Scenario[] = [
  { name: 'edits, all good', budget: { names: 3, edits: 3, deaths: 1 } },
  {
    name: 'settings 2 are a typo',
    health: { A2: 'crash', B2: 'crash' },
    budget: { names: 2, edits: 3, deaths: 1 },
    deep: { names: 3 },
  },
  {
    name: 'B needs settings 2',
    health: { B1: 'crash', A2: 'sick' },
    budget: { names: 2, edits: 3, deaths: 1 },
    deep: { names: 3 },
  },
  {
    name: 'withdrawn, and mended by an edit',
    health: { A1: 'sick' },
    budget: { names: 3, edits: 2, deaths: 1 },
    names: ['A', null],
  },
  { name: 'start.initial', budget: { names: 3, edits: 1, deaths: 2 }, initial: 'I' },
  {
    name: 'start.initial is bad',
    health: { I: 'sick' },
    budget: { names: 3, edits: 1, deaths: 1 },
    deep: { edits: 2 },
    initial: 'I',
  },
  {
    name: 'start.initial and all are bad',
    health: { I: 'crash', A: 'sick', B: 'sick' },
    budget: { names: 2, deaths: 1 },
    initial: 'I',
  },
  {
    name: 'start.initial is edited',
    health: { I: 'sick' },
    budget: { names: 1, edits: 2, deaths: 1 },
    deep: { names: 2, edits: 3 },
    initial: 'I',
    initials: ['I', 'J', null],
  },
];
