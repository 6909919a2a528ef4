import { everyAct, migratesForB, type Scenario } from '../scenario.ts';

/** What a person does, and all at once. */
export const ofPersons: readonly Scenario[] = [
  {
    name: 'a person, B is good',
    budget: { names: 2, acts: 2, edits: 1 },
    deep: { names: 3, deaths: 1 },
    acts: everyAct,
  },
  {
    name: 'a person, B is sick',
    health: { B: 'sick' },
    budget: { names: 2, acts: 2, edits: 1 },
    deep: { acts: 3 },
    acts: everyAct,
  },
  { name: 'a refused release and a runtime', budget: { names: 3, acts: 1, runtimes: 1 }, acts: ['rejected'] },
  { name: 'a hold with an end', budget: { names: 3, acts: 2, deaths: 2 }, acts: ['held 2', 'rejected', 'stopped'] },
  {
    name: 'pins',
    health: { B: 'sick' },
    budget: { names: 3, acts: 2 },
    deep: { deaths: 1 },
    names: [null, 'A', 'C'],
    acts: ['pinned A', 'pinned B', 'pinned B forever', 'unpinned'],
  },
  {
    name: 'a person starts and starts again',
    health: { B: 'crash' },
    budget: { names: 2, acts: 3, exits: 1, deaths: 1 },
    acts: ['stopped', 'started', 'restarted', 'forgiven'],
  },
  {
    name: 'a person and a damaged store',
    health: { B: 'sick' },
    budget: { names: 2, damage: 1, acts: 1 },
    deep: { acts: 2, edits: 1 },
    acts: everyAct,
  },
  {
    name: 'a person while data move',
    health: { B: 'crash' },
    budget: { names: 3, acts: 2, runtimes: 1 },
    acts: everyAct,
    policy: { migrates: migratesForB },
  },
  {
    name: 'no downgrade, but for a person',
    health: { B: 'crash' },
    budget: { names: 3, acts: 2 },
    acts: ['pinned A', 'unpinned', 'rejected', 'forgiven B'],
    names: ['A', 'B', 'C'],
    policy: { allowDowngrade: false },
  },
  {
    name: 'all at once',
    health: { B1: 'sick', 'A@2': 'crash' },
    budget: { names: 2, edits: 1, runtimes: 1, deaths: 1 },
    deep: { acts: 1, storms: 1 },
    acts: everyAct,
  },
  {
    name: 'all at once, damaged',
    health: { B1: 'sick', 'A@2': 'crash' },
    budget: { names: 2, edits: 1, runtimes: 1, damage: 1 },
    deep: { acts: 1 },
    acts: everyAct,
  },
];
