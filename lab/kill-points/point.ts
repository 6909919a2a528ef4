import { setTimeout as sleep } from 'node:timers/promises';
import { pointOf } from '../faults/call.ts';
import type { Chain } from '../faults/chain.ts';
import { wrongLink, wrongOnDisk } from '../faults/checks/disk.ts';
import { leftOver, wrongAtTheEnd, wrongByTheClients, wrongInTheLog } from '../faults/checks/end.ts';
import { QUIET, tell, untilDeadOrQuiet } from '../faults/count.ts';
import { type Story, settled } from '../faults/stories.ts';
import type { Random } from '../support/random.ts';
import { damageProgram } from './damage.ts';

/** Where the supervisor dies: at the n-th counted call of a story, before it is made or when it has just been made. */
export interface Point {
  readonly story: Story;
  readonly nth: number;
  readonly mode: 'kill before' | 'kill after';
}

export interface Outcome {
  /** The call at which it died, as it is in every run; `null`: the story was over before. */
  readonly died: string | null;
  readonly damaged: boolean;
  readonly wrong: readonly string[];
}

/** The supervisor dies, is started again, and all must come to its right end. */
export async function dieAt(chain: Chain, { story, nth, mode }: Point, random: Random): Promise<Outcome> {
  const { stage } = chain;
  const life = await tell(stage, story, chain.life, { mode, nth });
  await untilDeadOrQuiet(stage, life);
  if (!life.daemon.hasEnded()) {
    life.page.disarm();
    chain.life = life;
    return { died: null, damaged: false, wrong: await wrongAtTheEnd(stage, await settled(stage), life) };
  }
  const last = life.page.calls().find(({ number }) => number === nth);
  const wrong = [...(await wrongOnDisk(stage)), ...wrongLink(stage), ...wrongByTheClients(stage)];
  if (life.page.fired() === 0) wrong.push(`the daemon ended by itself (${await life.daemon.ended})`);
  const damaged = random.chance(0.2) && (await damageProgram(stage, random)) !== null;
  chain.life = stage.live();
  const status = await settled(stage);
  wrong.push(...(await wrongAtTheEnd(stage, status, chain.life)));
  return { died: last === undefined ? 'unknown' : pointOf(last), damaged, wrong };
}

/** Ends the home: what a chain of deaths has left about is swept by then. */
export async function endChain({ stage, life }: Chain): Promise<readonly string[]> {
  if (life !== null) await sleep(QUIET);
  const wrong = [...(life === null ? [] : leftOver(stage)), ...wrongInTheLog(await stage.scene.log())];
  await stage.scene.stop();
  wrong.push(...wrongByTheClients(stage));
  await stage.scene.close();
  return wrong;
}
