import { homeAt } from '../../src/layout.ts';
import { openHistory } from '../../src/store/history.ts';
import { loadState } from '../../src/store/state-record.ts';
import type { Options } from '../experiment.ts';
import { act } from '../support/ask.ts';
import type { Client } from '../support/client/client.ts';
import type { Daemon } from '../support/daemon.ts';
import { type Disk, makeDisk } from '../support/disk/disk.ts';
import { unmountAll } from '../support/disk/mounts.ts';
import { textAt, unproved } from '../support/journal.ts';
import { endAllOf } from '../support/left-over.ts';
import { nextMoment, until, watchFor } from '../support/moment.ts';
import { wrongOnDisk } from '../support/on-disk.ts';
import { patiently } from '../support/patiently.ts';
import { createRandom, type Random } from '../support/random.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { isCommitted, nextStory, type Story, settingsOf, type Wanted } from '../support/story.ts';
import { linesIn, toldIn } from '../support/told.ts';
import type { Power } from './power.ts';

const PLACE = 'kintsugi/vault';
const BYTES = 192 * 2 ** 20;

/** How long a story may take to its end after a cut (ms). */
const PATIENCE = 90_000;

/**
 * Heuristics of ext4 that forgive a program its missing fsync are off in most rounds (`noauto_da_alloc`): other file systems have none.
 * With `data=writeback` a file may have its length and not its bytes.
 */
const MOUNTS = ['', 'noauto_da_alloc', 'noauto_da_alloc,commit=1', 'noauto_da_alloc,data=writeback,commit=1'];

/** What a world with a disk of its own went through. */
export interface Tale {
  readonly cuts: readonly string[];
  /** Lines of the history that were told and that the disk has lost. */
  readonly linesLost: number;
  readonly violations: readonly string[];
}

export interface World {
  readonly folder: string;
  readonly options: Options;
  readonly client: Client;
  readonly seed: number;
  readonly rounds: number;
  power(scene: Scene, disk: Disk): Power;
}

/** Rounds on one disk, each from where the last one left it. */
export async function liveThrough(world: World): Promise<Tale> {
  const { folder, options, client, seed, rounds } = world;
  const random = createRandom(seed);
  const scene = await setScene(folder, options.program, client);
  const disk = makeDisk({ at: scene.home, image: `${folder}/disk.image`, kind: 'ext4', bytes: BYTES });
  const power = world.power(scene, disk);
  const stage: Stage = { power, scene, disk, random, daemon: null, prints: new Set(), linesLost: 0 };
  const cuts: string[] = [];
  let good: Wanted | null = null;
  try {
    disk.mount(random.pick(MOUNTS));
    for (let round = 1; round <= rounds && !options.signal.aborted; round += 1) {
      const story = nextStory(random, client, `${seed}-${round}`, good);
      const { where, wrong } = await oneRound(stage, story);
      const words = `seed ${seed}, round ${round} (${where})`;
      cuts.push(where);
      if (wrong.length > 0)
        return { cuts, linesLost: stage.linesLost, violations: wrong.map((one) => `${words}: ${one}`) };
      options.say(`${words}: held`);
      good = story.end;
    }
    return { cuts, linesLost: stage.linesLost, violations: [] };
  } finally {
    await scene.stop();
    endAllOf(`${folder}/`);
    unmountAll(folder);
  }
}

interface Stage {
  readonly power: Power;
  readonly scene: Scene;
  readonly disk: Disk;
  readonly random: Random;
  daemon: Daemon | null;
  /** Of all that was ever named. */
  readonly prints: Set<string>;
  linesLost: number;
}

/** Asks, cuts, looks at what is left, starts again, and waits for the right end. */
async function oneRound(stage: Stage, story: Story): Promise<{ where: string; wrong: readonly string[] }> {
  const { scene, disk, random, power } = stage;
  const log = `${scene.folder}/daemon.log`;
  const [before, kept] = [textAt(log).length, await linesKept(scene)];
  const [moment, loss] = [nextMoment(random, power.seen), random.pick(power.losses)];
  const where = `${story.words}, cut ${moment.delay} ms after ${moment.after}, losing ${loss}`;
  const seen = watchFor(scene.home, PLACE, scene.witness(PLACE), log);
  stage.prints.add(story.wanted.built.print);
  await name(scene, story.wanted);
  stage.daemon = await power.on(stage.daemon);
  const held = story.hold && power.isNear && (await act(scene.home, PLACE, { act: 'hold', for: null }));
  await until(moment, seen);
  await power.off(loss);
  const told = toldIn(textAt(log).slice(before), held);
  const faults = await remount(disk, random.pick(MOUNTS));
  const wrong = [...(faults === null ? [] : [faults]), ...(await wrongOnDisk(scene.home, PLACE, told))];
  stage.linesLost += Math.max(0, kept + linesIn(textAt(log).slice(before)) - (await linesKept(scene)));
  if (wrong.length === 0) wrong.push(...(await goOn(stage, story, held)));
  return { where, wrong: [...wrong, ...unproved(scene.journal(PLACE), stage.prints), ...scene.overlaps()] };
}

async function name(scene: Scene, wanted: Wanted): Promise<void> {
  await scene.write({ [PLACE]: settingsOf(wanted, scene.witness(PLACE)) });
  await scene.name(PLACE, wanted.built);
}

/** Replays the journal first: only then is anything to be found wrong. */
async function remount(disk: Disk, options: string): Promise<string | null> {
  disk.mount();
  await disk.unmount();
  const faults = disk.faults();
  disk.mount(options);
  return faults;
}

async function linesKept({ home }: Scene): Promise<number> {
  const [network, client] = PLACE.split('/') as [string, string];
  return (await openHistory(homeAt(home).instance(network, client).history).read()).length;
}

/** After the power is back: the daemon comes up, and the story to its right end. */
async function goOn(stage: Stage, { end }: Story, held: boolean): Promise<readonly string[]> {
  const { scene } = stage;
  stage.daemon = scene.start();
  if (held && !(await patiently(PATIENCE, () => act(scene.home, PLACE, { act: 'unhold' }))))
    return ['the daemon does not answer'];
  if (await patiently(PATIENCE, () => isAtEnd(scene, end))) return [];
  return [`the right end is not reached: ${JSON.stringify(await scene.status(PLACE))}`];
}

async function isAtEnd(scene: Scene, end: Wanted): Promise<boolean> {
  const [network, client] = PLACE.split('/') as [string, string];
  const loaded = await loadState(homeAt(scene.home).instance(network, client));
  if (loaded.found === 'none' || !isCommitted(loaded.instance, end)) return false;
  const status = await scene.status(PLACE);
  return status?.verdict === 'healthy' && status.child?.checksum === end.built.checksum && status.next === null;
}
