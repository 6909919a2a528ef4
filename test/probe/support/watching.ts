// A supervisor that watches a probe that always fails: prints `failing`, and at the verdict how long that took, in milliseconds.
import { watch } from '../../../src/probe/watch.ts';
import { stageSubject } from './subject.ts';

const subject = stageSubject();
subject.start();
const begunAt = performance.now();
await watch(
  {
    told: 'healthy',
    onProbation: false,
    minHealthyTime: 1,
    deadline: 0,
    failFor: 2_000,
    every: 100,
    probes: [{ kind: 'log', text: 'never said' }],
    cwd: '/',
    env: {},
    failing: () => console.log('failing'),
  },
  subject,
  new AbortController().signal,
);
console.log(performance.now() - begunAt);
