import { setTimeout as sleep } from 'node:timers/promises';
import type { Options } from '../experiment.ts';
import { act } from '../support/ask.ts';
import type { Client } from '../support/client/client.ts';
import type { Daemon } from '../support/daemon.ts';
import { type Disk, type FileSystem, makeDisk } from '../support/disk/disk.ts';
import { unmountAll } from '../support/disk/mounts.ts';
import { textAt, unproved } from '../support/journal.ts';
import { endAllOf } from '../support/left-over.ts';
import { nextMoment, until, watchFor } from '../support/moment.ts';
import { wrongOnDisk } from '../support/on-disk.ts';
import { patiently } from '../support/patiently.ts';
import { createRandom, type Random } from '../support/random.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { nextStory, type Story, settingsOf, type Wanted } from '../support/story.ts';
import { toldIn } from '../support/told.ts';
import { alive, bugs, isAtEnd, isHeld, SOON, untold } from './looks.ts';
import { begin, type Kind, mountLimitable } from './trouble.ts';

const PLACE = 'kintsugi/vault';

/** A download wants 64 MiB to stay free beside it. */
const BYTES = 160 * 2 ** 20;

/** How long anything may take to come about (ms). */
const PATIENCE = 90_000;

/** What each file system can refuse. */
const troubles: Readonly<Record<FileSystem, readonly Kind[]>> = {
  ext4: ['full', 'full', 'no inodes', 'read-only'],
  tmpfs: ['full'],
  btrfs: ['over quota'],
};

/** What else goes wrong while the disk refuses. */
const incidents = ['nothing', 'nothing', 'the client crashes', 'the supervisor is killed', 'a person asks'] as const;
type Incident = (typeof incidents)[number];

/** What a world with a disk of its own went through. */
export interface Tale {
  readonly rounds: readonly string[];
  readonly violations: readonly string[];
}

export interface World {
  readonly folder: string;
  readonly options: Options;
  readonly client: Client;
  readonly kind: FileSystem;
  readonly seed: number;
  readonly rounds: number;
}

/** Rounds on one disk, each from where the last one left it. */
export async function liveThrough(world: World): Promise<Tale> {
  const { folder, options, client, kind, seed, rounds } = world;
  const random = createRandom(seed);
  const scene = await setScene(folder, options.program, client);
  const disk = makeDisk({
    at: scene.home,
    image: `${folder}/disk.image`,
    kind,
    bytes: kind === 'btrfs' ? 2 * BYTES : BYTES,
  });
  const stage: Stage = { world, scene, disk, random, daemon: null, prints: new Set(), log: `${folder}/daemon.log` };
  const told: string[] = [];
  let good: Wanted | null = null;
  try {
    mount(disk, kind);
    for (let round = 1; round <= rounds && !options.signal.aborted; round += 1) {
      const story = nextStory(random, client, `${seed}-${round}`, good);
      const { where, wrong } = await oneRound(stage, story, good);
      const place = `seed ${seed}, round ${round} (${kind}, ${where})`;
      told.push(where);
      if (wrong.length > 0) return { rounds: told, violations: wrong.map((one) => `${place}: ${one}`) };
      options.say(`${place}: held`);
      good = story.end;
    }
    return { rounds: told, violations: [] };
  } finally {
    await scene.stop();
    endAllOf(`${folder}/`);
    unmountAll(folder);
  }
}

interface Stage {
  readonly world: World;
  readonly scene: Scene;
  readonly disk: Disk;
  readonly random: Random;
  readonly log: string;
  daemon: Daemon | null;
  /** Of all that was ever named. */
  readonly prints: Set<string>;
}

/** Asks for something, lets the disk refuse on the way and something else go wrong, looks, heals the disk, and waits for the right end. */
async function oneRound(
  stage: Stage,
  story: Story,
  good: Wanted | null,
): Promise<{ where: string; wrong: readonly string[] }> {
  const { scene, disk, random, world, log } = stage;
  const kind = random.pick(troubles[world.kind]);
  const [moment, incident] = [nextMoment(random), good === null ? 'nothing' : random.pick(incidents)];
  const where = `${story.words}, ${kind} ${moment.delay} ms after ${moment.after}, ${incident}`;
  const before = textAt(log).length;
  const seen = watchFor(scene.home, PLACE, scene.witness(PLACE), log);
  stage.prints.add(story.wanted.built.print);
  await scene.write({ [PLACE]: settingsOf(story.wanted, scene.witness(PLACE)) });
  await scene.name(PLACE, story.wanted.built);
  stage.daemon ??= scene.start();
  await until(moment, seen);
  const [since, heal] = [textAt(log).length, begin(kind, disk)];
  const wrong: string[] = [];
  try {
    wrong.push(...(await happen(stage, incident)));
    await sleep(random.between(500, 3_000));
    if (good !== null && !(await patiently(PATIENCE, async () => alive(scene, PLACE).length > 0)))
      wrong.push('no client serves');
    if (good !== null || !stage.daemon.hasEnded())
      wrong.push(...(await untold(stage.daemon, { scene, place: PLACE, log, kind, since })));
  } finally {
    heal();
  }
  // one that never had a file in force has nothing to look after: it ends, and says why
  if (stage.daemon.hasEnded()) stage.daemon = scene.start();
  if (wrong.length === 0) wrong.push(...(await goOn(stage, story, before)));
  return {
    where,
    wrong: [...wrong, ...bugs(log), ...unproved(scene.journal(PLACE), stage.prints), ...scene.overlaps()],
  };
}

/** Answers what is wrong already. */
async function happen(stage: Stage, incident: Incident): Promise<readonly string[]> {
  switch (incident) {
    case 'nothing':
      return [];
    case 'the client crashes':
      for (const pid of alive(stage.scene, PLACE)) process.kill(pid, 'SIGKILL');
      return [];
    case 'the supervisor is killed':
      stage.daemon?.kill('SIGKILL');
      await stage.daemon?.ended;
      stage.daemon = stage.scene.start();
      return [];
    case 'a person asks':
      return askedTwice(stage);
  }
}

/** What is told to be done is on the disk; what is not, is told not to be. */
async function askedTwice({ scene }: Stage): Promise<readonly string[]> {
  const done = await act(scene.home, PLACE, { act: 'hold', for: null });
  const held = await isHeld(scene, PLACE);
  const undone = await act(scene.home, PLACE, { act: 'unhold' });
  return [
    ...(done === held ? [] : [`a person was told ${done ? 'done' : 'not done'}, and the disk says otherwise`]),
    ...(!held || undone || (await isHeld(scene, PLACE))
      ? []
      : ['a hold was taken back although that was told not to be done']),
  ];
}

/** When there is room again: what the disk holds is whole, and the story comes to its end, without anybody's help. */
async function goOn(stage: Stage, { wanted, end }: Story, before: number): Promise<readonly string[]> {
  const { scene, log } = stage;
  await act(scene.home, PLACE, { act: 'unhold' });
  const isThere = await patiently(PATIENCE, () => isAtEnd(scene, PLACE, end, wanted));
  const told = toldIn(textAt(log).slice(before), false);
  // of what was tried again nothing is left
  const present = { ...told, quarantined: told.quarantined.filter((one) => one !== end.built.checksum) };
  let wrong: readonly string[] = [];
  await patiently(SOON, async () => {
    wrong = await wrongOnDisk(scene.home, PLACE, present);
    return wrong.length === 0;
  });
  return isThere ? wrong : [...wrong, `the right end is not reached: ${JSON.stringify(await scene.status(PLACE))}`];
}

function mount(disk: Disk, kind: FileSystem): void {
  if (kind === 'btrfs') mountLimitable(disk);
  else disk.mount();
}
