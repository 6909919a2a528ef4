import { setTimeout as sleep } from 'node:timers/promises';
import type { InstanceStatus } from '../../src/core/instance-status.ts';
import { occupant } from '../../src/core/occupancy.ts';
import { type ErrorName, pointOf } from '../faults/call.ts';
import type { Chain } from '../faults/chain.ts';
import { children, stateOf, wrongOnDisk } from '../faults/checks/disk.ts';
import { wrongAtTheEnd, wrongByTheClients, wrongInTheLog } from '../faults/checks/end.ts';
import { QUIET, tell } from '../faults/count.ts';
import { CLASSES } from '../faults/page.ts';
import { type Life, PLACE, type Stage } from '../faults/stage.ts';
import { hasSettled, type Story, settled } from '../faults/stories.ts';

/** Which call fails, and with what; `lasts`: so do all later ones, until the fault is taken away. */
export interface Point {
  readonly story: Story;
  readonly nth: number;
  readonly error: ErrorName;
  readonly lasts: boolean;
}

export interface Outcome {
  /** The call that failed first, as it is in every run; `null`: none did. */
  readonly failed: string | null;
  /** The daemon said that something went wrong. */
  readonly told: boolean;
  /** It ended at its own start, with a message and a status. */
  readonly endedAtStart: boolean;
  /** A child that died meanwhile was started again while the fault lasted. */
  readonly restarted: boolean;
  /** Nothing could be started for so long that the former serves again: what was tried is in quarantine, and tried again on its schedule. */
  readonly wentBack: boolean;
  readonly wrong: readonly string[];
}

/** Errors that leave all that runs a way to go on: a child that dies meanwhile must be started again. */
const SURVIVABLE: readonly ErrorName[] = ['ENOSPC', 'EROFS'];
const PATIENCE = 30_000;

/** A call fails while a story is told; nothing may come of it but words, and all must come to its right end. */
export async function failAt(chain: Chain, { story, nth, error, lasts }: Point): Promise<Outcome> {
  const { stage } = chain;
  const said = (await stage.scene.log()).length;
  const mode = lasts ? 'fail from' : 'fail once';
  const classes = lasts
    ? CLASSES.change + CLASSES.output + CLASSES.resource
    : CLASSES.change + CLASSES.output + CLASSES.resource + CLASSES.read;
  const life = await tell(stage, story, chain.life, { mode, nth, error, classes });
  const wrong: string[] = [];
  await untilFailedOrQuiet(stage, life);
  const isFaulty = life.page.fired() > 0;
  let restarted = false;
  if (isFaulty && lasts) {
    await sleep(500);
    restarted = await whileItLasts(stage, life, error, wrong);
  }
  if (lasts) life.page.disarm();
  const mayGoBack = lasts && !SURVIVABLE.includes(error);
  const { ended, status } = await endOf(stage, life, mayGoBack, wrong);
  if (ended !== null) wrong.push(...(await wrongEnd(stage, story, ended, said)));
  chain.life = ended === null ? life : stage.live();
  const last = status ?? (await settled(stage));
  const failed = life.page.calls().find((call) => call.error !== 0);
  const words = (await stage.scene.log()).slice(said);
  wrong.push(...(await wrongAtTheEnd(stage, last, chain.life)), ...wrongInTheLog(words));
  return {
    failed: failed === undefined ? null : pointOf(failed),
    told: ended !== null || /"level":[45]0/.test(words),
    endedAtStart: ended !== null,
    restarted,
    wentBack: mayGoBack && isBack(stage, last),
    wrong,
  };
}

function isBack({ good }: Stage, { phase, verdict, next, quarantined }: InstanceStatus): boolean {
  const isTriedAgain = quarantined.some(({ checksum, retryAt }) => checksum === good?.checksum && retryAt !== null);
  return phase === 'running' && verdict === 'healthy' && next === null && isTriedAgain;
}

/** Waits until the call has failed, the daemon has ended, or the story is over without it. */
async function untilFailedOrQuiet(stage: Stage, { daemon, page }: Life): Promise<void> {
  let since: number | null = null;
  const end = performance.now() + PATIENCE;
  while (page.fired() === 0 && !daemon.hasEnded() && performance.now() < end) {
    const status = await stage.scene.status(PLACE);
    since = status !== undefined && hasSettled(stage, status) ? (since ?? performance.now()) : null;
    if (since !== null && performance.now() - since > QUIET) return;
    await sleep(10);
  }
}

/** What must hold while every change fails. Answers whether a child that was ended meanwhile was started again. */
async function whileItLasts(stage: Stage, { daemon }: Life, error: ErrorName, wrong: string[]): Promise<boolean> {
  wrong.push(...(await wrongOnDisk(stage)), ...wrongByTheClients(stage));
  const status = await stage.scene.status(PLACE);
  if (daemon.hasEnded()) return false;
  if (status === undefined) return false;
  wrong.push(...(await unsaved(stage, status)));
  const [up] = children(stage);
  if (status.phase !== 'running' || up === undefined || up.pid !== status.child?.pid || !SURVIVABLE.includes(error))
    return false;
  stage.gone = up.pid;
  process.kill(up.pid, 'SIGKILL');
  for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(20)) {
    if (children(stage).some(({ pid }) => pid !== up.pid)) return true;
  }
  wrong.push(`a child that died was not started again while every change failed with ${error}`);
  return false;
}

/** Forward nothing goes unsaved: what serves is what the disk has in the slot, the way back that it names, or what it has just left for good. */
async function unsaved(stage: Stage, status: InstanceStatus): Promise<readonly string[]> {
  const state = await stateOf(stage);
  if (typeof state === 'string' || status.phase !== 'running') return [];
  const allowed = [
    state && occupant(state.slot)?.id,
    ...(state?.formers ?? []).map(({ deployment }) => deployment.id),
    ...(state?.bars ?? []).flatMap((bar) => (bar.by === 'failure' ? [bar.of.id] : [])),
  ];
  const isSaved = allowed.includes(status.current?.deployment);
  return isSaved ? [] : [`the daemon is ${status.phase} with what the disk knows nothing of (${state?.slot.at})`];
}

async function endOf(
  stage: Stage,
  { daemon }: Life,
  mayGoBack: boolean,
  wrong: string[],
): Promise<{ ended: number | string | null; status: InstanceStatus | null }> {
  for (const end = performance.now() + 2 * PATIENCE; performance.now() < end; await sleep(20)) {
    if (daemon.hasEnded()) return { ended: await daemon.ended, status: null };
    const status = await stage.scene.status(PLACE);
    if (status === undefined) continue;
    if (wrong.length === 0) wrong.push(...(await unsaved(stage, status)));
    if (hasSettled(stage, status) || (mayGoBack && isBack(stage, status))) return { ended: null, status };
  }
  return { ended: null, status: await settled(stage) };
}

/** Only at its own start may a daemon end: in words, with a status that is documented; and it lets go of nobody. */
async function wrongEnd(
  stage: Stage,
  { isOfStart, isOfNewHome }: Story,
  ended: number | string,
  said: number,
): Promise<readonly string[]> {
  const words = (await stage.scene.log()).slice(said);
  return [
    ...(isOfStart ? [] : [`the daemon ended (${ended})`]),
    ...([69, 74, 75, 77, 78].includes(Number(ended)) ? [] : [`it ended with ${ended}: ${words.slice(-600)}`]),
    ...(/^vaultvisor: .+\n {2}\S/m.test(words) ? [] : [`it ended without words: ${words.slice(-300)}`]),
    ...(isOfNewHome || children(stage).length === 1 ? [] : [`it ended, and ${children(stage).length} children are up`]),
  ];
}
