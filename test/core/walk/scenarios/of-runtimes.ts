import { everyAct, type Scenario } from '../scenario.ts';

/** Runtimes, and releases that come with them. */
export const ofRuntimes: readonly Scenario[] = [
  {
    name: 'A dies with runtime 2, B lives',
    health: { 'A@2': 'crash' },
    budget: { names: 2, runtimes: 1, edits: 1, deaths: 1 },
  },
  { name: 'B is bad under both runtimes', health: { B: 'sick' }, budget: { names: 3, runtimes: 1, deaths: 2 } },
  {
    name: 'B only under runtime 2',
    health: { 'B@1': 'crash', 'A@2': 'sick' },
    budget: { names: 3, runtimes: 1, edits: 1 },
  },
  {
    name: 'three releases, a runtime',
    health: { 'B@1': 'sick', 'C@2': 'crash' },
    budget: { names: 4, runtimes: 1 },
    names: ['A', 'B', 'C'],
  },
  {
    name: 'pending, and comes with the runtime',
    health: { 'A@2': 'crash', 'B@1': 'sick' },
    budget: { names: 2, pendings: 2, runtimes: 1, deaths: 1 },
    deep: { edits: 1 },
  },
  {
    name: 'pending, urgent and bad',
    health: { 'B@2': 'crash' },
    budget: { names: 2, pendings: 1, runtimes: 2, deaths: 1 },
  },
  {
    name: 'pending, urgent over a probation',
    health: { C: 'sick', 'A@2': 'sick' },
    budget: { names: 2, pendings: 1, runtimes: 1 },
    names: ['A', 'C'],
  },
  {
    name: 'pending and a person',
    budget: { names: 1, pendings: 2, runtimes: 1, acts: 1 },
    deep: { acts: 2, edits: 1 },
    names: ['A', 'B'],
    acts: everyAct,
  },
  {
    name: 'what is pending runs already',
    budget: { names: 1, pendings: 2, runtimes: 1, edits: 1 },
    deep: { names: 2 },
    pendings: ['A', 'B'],
  },
  {
    name: 'the runtime is learnt late',
    health: { B: 'sick' },
    budget: { names: 2, runtimes: 2, deaths: 1, pendings: 1 },
    initial: 'I',
    noRuntime: true,
  },
  {
    name: 'no runtime at all',
    health: { B: 'crash' },
    budget: { names: 3, deaths: 2, edits: 1, exits: 1 },
    noRuntime: true,
  },
  {
    name: 'a release for the next runtime only',
    names: ['A', 'F'],
    health: { 'A@2': 'sick', F: 'good' },
    budget: { names: 3, runtimes: 1, deaths: 1 },
    deep: { runtimes: 2, edits: 1 },
  },
  {
    name: 'a new runtime starts the child again',
    health: { 'A@2': 'crash' },
    budget: { names: 2, runtimes: 2, acts: 1 },
    deep: { deaths: 1 },
    acts: ['stopped', 'restarted'],
    policy: { restartOnSpecVersion: true },
  },
];
