import { setTimeout as sleep } from 'node:timers/promises';
import { homeAt } from '../../src/layout.ts';
import { processAt } from '../../src/process/who/processes.ts';
import { loadState } from '../../src/store/state-record.ts';
import type { Options } from '../experiment.ts';
import { ask } from '../support/ask.ts';
import type { Client } from '../support/client/client.ts';
import type { Daemon } from '../support/daemon.ts';
import { type Disk, type FileSystem, makeDisk } from '../support/disk/disk.ts';
import { unmountAll } from '../support/disk/mounts.ts';
import { ran, textAt } from '../support/journal.ts';
import { endAllOf } from '../support/left-over.ts';
import { nextMoment, until, watchFor } from '../support/moment.ts';
import { wrongOnDisk } from '../support/on-disk.ts';
import { createRandom, type Random } from '../support/random.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { isCommitted, nextStory, type Story, settingsOf, type Wanted } from '../support/story.ts';
import { toldIn } from '../support/told.ts';
import { begin, type Kind, mountLimitable, words } from './trouble.ts';

const PLACE = 'kintsugi/vault';

/** A download wants 64 MiB to stay free beside it. */
const BYTES = 160 * 2 ** 20;

/** How long anything may take to come about (ms). */
const PATIENCE = 30_000;

/** How long what is set right beside the client's own work may take (ms). */
const SOON = 10_000;

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
    if (good !== null && !(await patiently(async () => livesHere(stage)))) wrong.push('no client serves');
    if (good !== null || !stage.daemon.hasEnded()) wrong.push(...(await untold(stage, kind, since)));
  } finally {
    heal();
  }
  // one that never had a file in force has nothing to look after: it ends, and says why
  if (stage.daemon.hasEnded()) stage.daemon = scene.start();
  if (wrong.length === 0) wrong.push(...(await goOn(stage, story, before)));
  return { where, wrong: [...wrong, ...bugs(stage), ...strangers(stage), ...scene.overlaps()] };
}

/** Answers what is wrong already. */
async function happen(stage: Stage, incident: Incident): Promise<readonly string[]> {
  switch (incident) {
    case 'nothing':
      return [];
    case 'the client crashes':
      for (const pid of alive(stage.scene)) process.kill(pid, 'SIGKILL');
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
  const done = await act(scene, { act: 'hold', for: null });
  const held = await isHeld(scene);
  const undone = await act(scene, { act: 'unhold' });
  return [
    ...(done === held ? [] : [`a person was told ${done ? 'done' : 'not done'}, and the disk says otherwise`]),
    ...(!held || undone || (await isHeld(scene))
      ? []
      : ['a hold was taken back although that was told not to be done']),
  ];
}

async function isHeld(scene: Scene): Promise<boolean> {
  const loaded = await loadState(folderOf(scene));
  return loaded.found === 'state' && loaded.instance.said.held !== null;
}

/** A state that cannot be saved is told, in the daemon's log and to who asks for the status, with the disk's own reason. */
async function untold({ scene, log, daemon }: Stage, kind: Kind, since: number): Promise<readonly string[]> {
  if (daemon?.hasEnded()) return [`the daemon has ended (${await daemon.ended})`];
  const told = textAt(log).slice(since);
  const failed = told.lastIndexOf('the state cannot be saved');
  if (failed === -1 || told.indexOf('the state can be saved again', failed) !== -1) return [];
  const status = await scene.status(PLACE);
  if (status === undefined)
    return told.includes('the commands cannot be served') ? [] : ['the daemon neither answers nor says why'];
  const isTold = status.blocked !== null && words[kind].test(status.blocked);
  return isTold ? [] : [`the status does not say what is wrong: ${status.blocked}`];
}

/** When there is room again: what the disk holds is whole, and the story comes to its end, without anybody's help. */
async function goOn(stage: Stage, { wanted, end }: Story, before: number): Promise<readonly string[]> {
  const { scene, log } = stage;
  await act(scene, { act: 'unhold' });
  const isThere = await patiently(() => isAtEnd(scene, end, wanted));
  const told = toldIn(textAt(log).slice(before), false);
  // of what was tried again nothing is left
  const present = { ...told, quarantined: told.quarantined.filter((one) => one !== end.built.checksum) };
  let wrong: readonly string[] = [];
  await patiently(async () => {
    wrong = await wrongOnDisk(scene.home, PLACE, present);
    return wrong.length === 0;
  }, SOON);
  return isThere ? wrong : [...wrong, `the right end is not reached: ${JSON.stringify(await scene.status(PLACE))}`];
}

/** When a person last had to help. */
let helped = Number.NEGATIVE_INFINITY;

async function isAtEnd(scene: Scene, end: Wanted, wanted: Wanted): Promise<boolean> {
  const loaded = await loadState(folderOf(scene));
  if (loaded.found === 'none') return false;
  const status = await scene.status(PLACE);
  // what a client says but once, and its log had no room for, nobody has heard: that its probe asks for is then a person's to mend
  if (end === wanted && status?.quarantined.some(({ checksum }) => checksum === end.built.checksum))
    await act(scene, { act: 'retry', checksum: null });
  const isUnheard = status?.verdict === 'unhealthy' && status.reason?.includes('the log never said') === true;
  if (isUnheard && performance.now() > helped + SOON) {
    helped = performance.now();
    await act(scene, { act: 'restart' });
  }
  if (!isCommitted(loaded.instance, end)) return false;
  return status?.verdict === 'healthy' && status.child?.checksum === end.built.checksum && status.next === null;
}

/** Whether the daemon says that it was done. */
async function act(scene: Scene, asked: object): Promise<boolean> {
  const [network, client] = PLACE.split('/');
  return (await ask(scene.home, '/v1/act', { network, client, act: asked }))?.exit === 0;
}

const livesHere = ({ scene }: Stage): boolean => alive(scene).length > 0;

function alive(scene: Scene): readonly number[] {
  const started = scene.journal(PLACE).flatMap(({ what, pid }) => (what === 'start' ? [pid] : []));
  return [...new Set(started)].filter(
    (pid) => textAt(`/proc/${pid}/cmdline`).includes(scene.folder) && processAt(pid) !== null,
  );
}

function folderOf(scene: Scene) {
  const [network, client] = PLACE.split('/') as [string, string];
  return homeAt(scene.home).instance(network, client);
}

function mount(disk: Disk, kind: FileSystem): void {
  if (kind === 'btrfs') mountLimitable(disk);
  else disk.mount();
}

async function patiently(holds: () => Promise<boolean>, patience = PATIENCE): Promise<boolean> {
  for (const end = performance.now() + patience; performance.now() < end; await sleep(50))
    if (await holds()) return true;
  return false;
}

/** No disk is a reason for a fault of ours. */
const bugs = ({ log }: Stage): readonly string[] =>
  textAt(log)
    .split('\n')
    .filter((line) => line.includes('please report'));

/** What ran and was never named: bytes that nobody has proved. */
function strangers({ scene, prints }: Stage): readonly string[] {
  return ran(scene.journal(PLACE))
    .filter(({ print }) => Number(`0x${print}`) !== 0 && !prints.has(print))
    .map(({ release, print }) => `an unverified program ran (${release}, ${print})`);
}
