import { everyAct, migratesForB, type Scenario } from '../scenario.ts';

/** What goes wrong: the environment, the store, exits, the data. */
export const ofTrouble: readonly Scenario[] = [
  { name: 'storm', budget: { names: 2, storms: 2, deaths: 1 } },
  { name: 'storm, B is sick', health: { B: 'sick' }, budget: { names: 3, storms: 2, deaths: 1 } },
  { name: 'A is flaky, B is sick', health: { A: 'flaky', B: 'sick' }, budget: { names: 3, deaths: 1 } },
  {
    name: 'liveness: A is flaky and leaves',
    health: { A: 'flaky' },
    budget: { names: 1, exits: 2, deaths: 1, acts: 1 },
    names: ['A'],
    acts: ['stopped', 'restarted'],
    policy: { liveness: { failFor: 1, restarts: 2, per: 4 } },
  },
  {
    name: 'liveness without a budget',
    health: { A: 'flaky' },
    budget: { names: 1, exits: 2, deaths: 1 },
    names: ['A'],
    policy: { liveness: { failFor: 1, restarts: 0, per: 4 } },
  },
  { name: 'damaged store', budget: { names: 3, damage: 2, deaths: 1 } },
  {
    name: 'damaged store, B is sick',
    health: { B: 'sick' },
    budget: { names: 3, damage: 2, deaths: 1, fetchFails: 1 },
  },
  {
    name: 'damaged store, three committed',
    budget: { names: 3, damage: 2 },
    deep: { damage: 3 },
    names: ['A', 'B', 'C'],
  },
  { name: 'a disk that eats B', health: { B: 'rotten' }, budget: { names: 3, deaths: 1, edits: 1 } },
  { name: 'a disk that eats the first', health: { A: 'rotten' }, budget: { names: 2, deaths: 1, fetchFails: 1 } },
  {
    name: 'noRestart',
    health: { B: 'final' },
    budget: { names: 2, edits: 1, deaths: 1, acts: 1 },
    deep: { names: 3, deaths: 2 },
    acts: [...everyAct, 'restarted', 'started'],
  },
  {
    name: 'noRestart of A under runtime 2',
    health: { 'A@2': 'final', B: 'sick' },
    budget: { names: 3, runtimes: 1, deaths: 1 },
  },
  {
    name: 'noRestart by bad luck, B is sick',
    health: { B: 'sick' },
    budget: { names: 3, finals: 1, deaths: 1, acts: 1 },
    acts: ['restarted', 'started', 'stopped'],
  },
  {
    name: 'children live on',
    budget: { names: 2, deaths: 3, exits: 1 },
    orphans: true,
  },
  {
    name: 'children live on, B is sick',
    health: { B: 'sick' },
    budget: { names: 2, edits: 1, deaths: 2, acts: 1 },
    deep: { deaths: 3 },
    acts: ['stopped', 'rejected'],
    orphans: true,
  },
  {
    name: 'data moves, B is good',
    budget: { names: 3, edits: 1, deaths: 2, fetchFails: 1 },
    deep: { deaths: 3 },
    policy: { migrates: migratesForB },
  },
  {
    name: 'data moves, B is sick',
    health: { B: 'sick' },
    budget: { names: 3, edits: 1, deaths: 2 },
    policy: { migrates: migratesForB },
  },
  {
    name: 'data moves and fails',
    budget: { names: 3, deaths: 2, fetchFails: 1, finals: 1 },
    deep: { edits: 1 },
    policy: { migrates: migratesForB },
    badMigration: true,
  },
];
