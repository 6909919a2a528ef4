import type { Scenario } from '../scenario.ts';

/** What a chain names, one after the other. */
export const ofReleases: readonly Scenario[] = [
  { name: 'A, then B, four deaths', budget: { names: 2, deaths: 4, fetchFails: 1, exits: 1 } },
  {
    name: 'B is sick, recalled, named again',
    health: { B: 'sick' },
    budget: { names: 4, deaths: 2 },
    names: ['A', 'B', null],
  },
  { name: 'B crashes', health: { B: 'crash' }, budget: { names: 3, deaths: 2, exits: 1 } },
  {
    name: 'B crashes, no wait takes time',
    health: { B: 'crash' },
    budget: { names: 3, deaths: 1, exits: 2 },
    noWaits: true,
  },
  {
    name: 'three releases',
    health: { B: 'sick' },
    budget: { names: 4, deaths: 1 },
    deep: { edits: 1 },
    names: ['A', 'B', 'C'],
  },
  { name: 'exits by bad luck', budget: { names: 2, exits: 5 } },
  {
    name: 'the same bytes at another address',
    health: { B: 'sick' },
    budget: { names: 4, fetchFails: 2, damage: 1 },
    names: ['A', "A'", 'B'],
  },
  {
    name: 'keep 0',
    health: { C: 'sick' },
    budget: { names: 4, deaths: 1 },
    deep: { edits: 1 },
    names: ['A', 'B', 'C'],
    policy: { keep: 0 },
  },
  {
    name: 'keep 1, five namings',
    budget: { names: 5, exits: 1 },
    deep: { exits: 2 },
    names: ['A', 'B', 'C'],
    policy: { keep: 1 },
  },
  {
    name: 'no downgrade',
    health: { C: 'crash' },
    budget: { names: 5, deaths: 1 },
    names: ['A', 'B', 'C'],
    policy: { allowDowngrade: false },
  },
];
