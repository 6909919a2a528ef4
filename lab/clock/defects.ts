import type { Defect } from '../experiment.ts';

/** Each is caught by the first disturbance, a wall clock that is set years back. */
export const defects: Readonly<Record<string, Defect>> = {
  'wall-clock': {
    words: 'what is waited for goes by the wall clock',
    rounds: 1,
    patches: [
      { file: 'daemon/clock.js', from: 'return Math.round(begin + awake + slept);', to: 'return Math.round(wall());' },
    ],
  },
  'measured-by-wall': {
    words: 'a probation and its deadline are measured by the wall clock',
    rounds: 1,
    patches: [
      {
        file: 'cli/main.js',
        from: 'process.exitCode =',
        to: 'performance.now = () => Date.now();\nprocess.exitCode =',
      },
    ],
  },
  'grace-by-wall': {
    words: 'the grace of a client counts by the wall clock',
    rounds: 1,
    patches: [
      {
        file: 'process/machine.js',
        from: "Math.round(Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 1_000)",
        to: 'Date.now()',
      },
    ],
  },
  'clock-forgotten': {
    words: 'the next daemon goes by the wall clock that it finds',
    rounds: 1,
    patches: [{ file: 'daemon/continued-clock.js', from: 'if (begin !== null)', to: 'if (false)' }],
  },
};
