import { setTimeout as sleep } from 'node:timers/promises';
import type { AsyncCommand } from 'fast-check';
import type { RealClient } from './client.ts';
import { comesToRest, heard, isOnItsWay, type Possible } from './compare.ts';
import { type Step, written } from './words.ts';

/** A step as fast-check runs it: on the real client, then on the model, then both are compared. `done` is told of it. */
export function command(step: Step, done: Step[]): AsyncCommand<Possible, RealClient> {
  return {
    check: () => true,
    async run(possible, real) {
      done.push(step);
      const isWaitedFor = step.before === 'rest' && !real.isFull();
      heard(possible, step.word, await real.hear(step.word), isWaitedFor);
      possible.isAtRest = false;
      // on a full disk nothing is decided: both are compared when there is room again
      if (real.isFull()) return;
      if (step.before === 'rest') {
        await real.apply();
        await comesToRest(possible, real);
      } else if (step.before === 'moment') {
        await sleep(60);
        await isOnItsWay(possible, real);
      }
    },
    toString: () => written(step),
  };
}
