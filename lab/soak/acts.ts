import { setTimeout as sleep } from 'node:timers/promises';
import type { Manner } from '../support/client/client.ts';
import type { Random } from '../support/random.ts';
import type { Stage } from './stage.ts';
import type { Supervisor } from './supervisor.ts';

/** What happens to a supervisor and its clients beside the kills. */
export type Act =
  | 'arguments'
  | 'invalid file'
  | 'client removed'
  | 'whole file'
  | 'release'
  | 'client killed'
  | 'pause';

const drawn: readonly (readonly [Act | null, number])[] = [
  [null, 30],
  ['release', 28],
  ['arguments', 12],
  ['pause', 10],
  ['client killed', 8],
  ['invalid file', 4],
  ['client removed', 4],
  ['whole file', 4],
];

/** Those that leave by themselves, ignore SIGINT or leave processes behind are as frequent as those that behave. */
const manners: readonly Manner[] = [
  'steady',
  'steady',
  'deaf',
  'deaf',
  'slow',
  'slow',
  'dies',
  'dies',
  'crash',
  'mute',
  'fork-lock',
  'fork-mark',
];

export function drawAct(random: Random): Act | null {
  const total = drawn.reduce((sum, [, weight]) => sum + weight, 0);
  let at = random.next() * total;
  for (const [act, weight] of drawn) {
    at -= weight;
    if (at < 0) return act;
  }
  return null;
}

export async function perform(act: Act, stage: Stage, supervisor: Supervisor, random: Random): Promise<void> {
  const place = random.pick(stage.places);
  switch (act) {
    case 'arguments':
      return stage.edit({ is: 'arguments', place });
    case 'invalid file':
      return stage.edit({ is: 'invalid' });
    case 'client removed':
      return stage.edit({ is: 'removed', place });
    case 'whole file':
      return stage.edit({ is: 'whole' });
    case 'release':
      for (const each of stage.places)
        if (each === place || random.chance(0.3)) await stage.release(each, random.pick(manners));
      return;
    case 'client killed':
      return killClient(stage, place);
    case 'pause':
      return pause(supervisor, random.between(20, 700));
  }
}

/** By somebody else: the kernel for want of memory, or a person. */
function killClient(stage: Stage, place: string): void {
  const pid = stage.clientOf(place);
  if (pid === null) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has left meanwhile
  }
}

/** It goes on by itself, unless it is killed while it stands still. */
async function pause(supervisor: Supervisor, ms: number): Promise<void> {
  supervisor.isPaused = true;
  supervisor.kill('SIGSTOP');
  void sleep(ms).then(() => {
    supervisor.kill('SIGCONT');
    supervisor.isPaused = false;
  });
}
