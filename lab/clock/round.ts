import { setTimeout as sleep } from 'node:timers/promises';
import { sentenceOf } from '../../src/errors.ts';
import { homeAt } from '../../src/layout.ts';
import { loadState } from '../../src/store/state-record.ts';
import type { Built } from '../support/client/client.ts';
import type { Daemon } from '../support/daemon.ts';
import { endAllOf } from '../support/left-over.ts';
import type { Random } from '../support/random.ts';
import { type Scene, serves, setScene } from '../support/scene.ts';
import type { Disturbance } from './disturbances.ts';
import { LONG_HOLD, longHold, machineNow, type Phase, phases, type Waiting } from './phases.ts';
import { createWall, sweepShared, type Wall } from './wall.ts';

export interface Round {
  readonly folder: string;
  readonly program: string;
  readonly library: string;
  readonly disturbance: Disturbance;
  readonly random: Random;
}

/** What a whole wait may take on a machine that is busy with other things. */
const PATIENCE = 45_000;

/** Eight clients of one daemon wait for eight things when its time is disturbed; then it is started again at another time. */
export async function playRound(round: Round): Promise<readonly string[]> {
  const { folder, program, library, disturbance, random } = round;
  const scene = await setScene(folder, program);
  const wall = createWall(folder, library);
  const names = namesFrom(random);
  const wrong: string[] = [];
  try {
    const { former, daemon } = await begin(scene, wall, names);
    const heldAt = machineNow();
    const waits = await Promise.all(
      phases.map(async (phase) => {
        await sleep(random.between(0, 150));
        return { phase, waiting: await phase.begin(scene, names) };
      }),
    );
    await begun(scene, waits);
    await sleep(random.between(0, 1_000));
    wrong.push(...(await disturbed(scene, wall, daemon, disturbance, waits)));
    // what is stuck stays so
    if (wrong.length > 0) return named(wrong, disturbance);
    wrong.push(...(await startedAgain(scene, wall, daemon, random, heldAt)));
    wrong.push(...(await ends(scene, waits, former)));
    wrong.push(...(await leftBehind(scene, wall)));
  } catch (error) {
    wrong.push(sentenceOf(error));
  } finally {
    // whose grace never ends would not let it stop
    if (wrong.length > 0) endAllOf(folder);
    await scene.close();
    sweepShared();
  }
  return named(wrong, disturbance);
}

const named = (wrong: readonly string[], { name }: Disturbance): readonly string[] =>
  wrong.map((words) => `${name}: ${words}`);

interface Wait {
  readonly phase: Phase;
  readonly waiting: Waiting;
}

async function begin(
  scene: Scene,
  wall: Wall,
  names: () => string,
): Promise<{ former: ReadonlyMap<Phase, Built>; daemon: Daemon }> {
  const former = new Map(phases.map((phase) => [phase, scene.client.build(names(), phase.before)]));
  for (const [phase, built] of former) await scene.name(phase.place, built);
  const clients = Object.fromEntries(phases.map(({ place, settings }) => [place, settings]));
  await scene.write(clients, { maxUpdating: phases.length, maxStarting: 2 * phases.length });
  const daemon = scene.start({ env: wall.env });
  for (const [phase, built] of former) await scene.until(phase.place, 'it serves', serves(built), PATIENCE);
  return { former, daemon };
}

/** Each waits, and none is over yet. */
async function begun(scene: Scene, waits: readonly Wait[]): Promise<void> {
  const open = new Set(waits);
  for (const end = machineNow() + PATIENCE; open.size > 0; await sleep(20)) {
    for (const wait of open) if (await wait.waiting.hasBegun(scene)) open.delete(wait);
    if (machineNow() > end)
      throw new Error(`${[...open].map(({ phase }) => phase.place).join(', ')} did not begin to wait`);
  }
}

async function disturbed(
  scene: Scene,
  wall: Wall,
  daemon: Daemon,
  { begin: disturb }: Disturbance,
  waits: readonly Wait[],
): Promise<readonly string[]> {
  const over = disturb(daemon, wall);
  const open = new Set(waits);
  for (const end = machineNow() + PATIENCE; machineNow() < end && open.size > 0; await sleep(20))
    for (const wait of open) if (await wait.waiting.isOver(scene)) open.delete(wait);
  await over();
  return [
    ...[...open].map(({ phase }) => `${phase.place} still waits after ${PATIENCE / 1_000} s`),
    ...waits.flatMap(({ phase, waiting }) => waiting.wrong(scene).map((words) => `${phase.place} was ${words}`)),
    ...(daemon.hasEnded() ? ['the daemon has ended'] : []),
  ];
}

const DAYS = 86_400_000;

/** By a kill or in good order, and the wall clock is another meanwhile. A hold that was asked for before goes on as long as it was asked for. */
async function startedAgain(
  scene: Scene,
  wall: Wall,
  daemon: Daemon,
  random: Random,
  heldAt: number,
): Promise<readonly string[]> {
  daemon.kill(random.pick(['SIGKILL', 'SIGTERM']));
  await daemon.ended;
  const by = random.pick([400 * DAYS, -400 * DAYS]);
  wall.set({ is: 'away', by });
  scene.start({ env: wall.env });
  const { held } = await scene.until(longHold.place, 'it is up again', ({ child }) => child !== null, PATIENCE);
  const left = held?.until == null ? 0 : Date.parse(held.until) - (Date.now() + by);
  const asked = LONG_HOLD - (machineNow() - heldAt);
  const tells = `of ${Math.round(asked / 1_000)} s of a hold ${Math.round(left / 1_000)} s are left after a restart`;
  return Math.abs(left - asked) < 3_000 ? [] : [`${tells}, at which the wall clock was set by ${by / DAYS} days`];
}

async function ends(
  scene: Scene,
  waits: readonly Wait[],
  former: ReadonlyMap<Phase, Built>,
): Promise<readonly string[]> {
  for (const { phase, waiting } of waits) {
    const built = waiting.end ?? former.get(phase);
    // what is tried now and then need not be away at this very moment, but it must come back
    if (built) await scene.until(phase.place, `${built.release} serves in the end`, serves(built), PATIENCE);
  }
  return waits.flatMap(({ phase, waiting }) =>
    waiting.wrong(scene).map((words) => `${phase.place} was ${words}, in the end`),
  );
}

async function leftBehind(scene: Scene, wall: Wall): Promise<readonly string[]> {
  const wrong = [...scene.overlaps()];
  const log = await scene.log();
  if (log.includes('please report it')) wrong.push('the daemon reports a bug of its own');
  for (const { place } of phases) {
    const [network = '', client = ''] = place.split('/');
    const state = await loadState(homeAt(scene.home).instance(network, client)).catch(sentenceOf);
    if (typeof state === 'string') wrong.push(state);
    const strange = (await scene.history(place)).find(({ at }) => !wall.couldHaveSaid(Date.parse(String(at))));
    if (strange)
      wrong.push(`${place}: ${strange.event} is told for ${String(strange['at'])}, when no clock showed that`);
  }
  return wrong;
}

function namesFrom(random: Random): () => string {
  const salt = random.between(1_000, 9_999);
  let count = 0;
  return () => {
    count += 1;
    return `1.${count}.${salt}`;
  };
}
