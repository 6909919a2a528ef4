import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from './call.ts';
import type { Plan } from './page.ts';
import { type Life, PLACE, type Stage } from './stage.ts';
import { hasSettled, type Story, settled } from './stories.ts';

/** The sweep follows a commit by a second: after so long nothing more belongs to a story. */
export const QUIET = 1_700;

/** A home in which a client serves, and the daemon that started it; with a new home where the story is of one. */
export async function prepare(stage: Stage, story: Story): Promise<Life | null> {
  if (story.isOfNewHome) return null;
  stage.good = stage.build('steady');
  stage.named.push(stage.good);
  await stage.scene.name(PLACE, stage.good);
  const life = stage.live();
  await settled(stage);
  return life;
}

/** Tells a story under a plan. `life`: the daemon that has settled; `null`: none runs. Answers the daemon that hears it. */
export async function tell(stage: Stage, story: Story, life: Life | null, plan: Plan): Promise<Life> {
  if (!story.isOfStart && life !== null) {
    life.page.arm(plan);
    await story.begin(stage);
    return life;
  }
  life?.daemon.kill('SIGKILL');
  await life?.daemon.ended;
  await story.begin(stage);
  return stage.live(plan);
}

/** Waits until the daemon has died, or the story is over and nothing more belongs to it. */
export async function untilDeadOrQuiet(stage: Stage, { daemon }: Life): Promise<void> {
  let since: number | null = null;
  while (!daemon.hasEnded() && (since === null || performance.now() - since < QUIET)) {
    const status = await stage.scene.status(PLACE);
    since = status !== undefined && hasSettled(stage, status) ? (since ?? performance.now()) : null;
    await sleep(20);
  }
}

/** All calls of a story that is told without a fault. */
export async function callsOf(stage: Stage, story: Story, classes: number): Promise<readonly Call[]> {
  const life = await tell(stage, story, await prepare(stage, story), { mode: 'count', classes });
  await settled(stage);
  await untilDeadOrQuiet(stage, life);
  return life.page.calls();
}
