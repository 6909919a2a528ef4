import { join } from 'node:path';
import type { Options } from '../experiment.ts';
import { type Call, type ErrorName, pointOf } from '../faults/call.ts';
import { callsOf } from '../faults/count.ts';
import { CLASSES } from '../faults/page.ts';
import { type Means, setStage } from '../faults/stage.ts';
import { crash, type Story, stories } from '../faults/stories.ts';
import type { Random } from '../support/random.ts';
import type { Point } from './point.ts';

const ALL = CLASSES.change + CLASSES.output + CLASSES.resource + CLASSES.read;
const LASTING: readonly ErrorName[] = ['ENOSPC', 'EROFS', 'EIO', 'EACCES', 'EMFILE', 'ENOMEM'];

/** A client whose log cannot be opened is judged by its life alone; long enough for one that crashes, on a busy machine too. */
export const NO_LOG = { probes: [], minHealthyTime: '1s' };

/** Of the points at which a fault begins that lasts, one in so many is tried. */
const EVERY = 6;
const SAMPLE = { once: 24, lasting: 6 };

/**
 * What may fail, once: every change of the world with every error that it knows, every other call and those of a start with one of them; and what
 * may fail for a while.
 */
export async function pointsOf(
  { folder, size, rounds, workers, say }: Options,
  means: Means,
  random: Random,
): Promise<readonly Point[]> {
  const told = [...stories, crash];
  const counted = new Map<Story, readonly Call[]>();
  const left = [...told];
  const count = async (): Promise<void> => {
    for (let story = left.shift(); story !== undefined; story = left.shift()) {
      const stage = await setStage(join(folder, `count-${told.indexOf(story)}`), means, NO_LOG);
      counted.set(story, await callsOf(stage, story, ALL));
      await stage.scene.close();
    }
  };
  await Promise.all(Array.from({ length: workers }, count));
  const once: Point[] = [];
  const lasting: Point[] = [];
  for (const story of told) {
    const calls = ofTheProduct(counted.get(story) ?? []);
    say(`${story.name}: ${calls.length} calls, ${new Set(calls.map(pointOf)).size} different ones`);
    for (const call of calls)
      once.push(...errorsFor(call, story, random).map((error) => ({ story, nth: call.number, error, lasts: false })));
    const changes = calls.filter((call) => call.class !== CLASSES.read).length;
    if (story.isOfStart) continue;
    for (let nth = random.between(1, EVERY); nth <= changes; nth += EVERY)
      lasting.push(...LASTING.map((error) => ({ story, nth, error, lasts: true })));
  }
  if (size === 'full' && rounds === null) return [...once, ...lasting];
  const most = rounds === null ? SAMPLE : { once: rounds, lasting: Math.ceil(rounds / 2) };
  return [...drawn(lasting, most.lasting, random), ...drawn(once, most.once, random)];
}

/** Without the pipes that Node makes for itself before it reads a line of ours: without them it does not run at all. */
function ofTheProduct(calls: readonly Call[]): readonly Call[] {
  return calls.slice(
    Math.max(
      0,
      calls.findIndex(({ call }) => call !== 'pipe'),
    ),
  );
}

/** A point of a start costs a daemon: one error each. */
function errorsFor({ class: kind, possible }: Call, { isOfStart }: Story, random: Random): readonly ErrorName[] {
  return (kind === CLASSES.change && !isOfStart) || possible.length === 0 ? possible : [random.pick(possible)];
}

/** So many of them, in their own order. */
function drawn(points: readonly Point[], most: number, random: Random): readonly Point[] {
  const lots = points.map((point) => ({ point, lot: random.next() })).sort((a, b) => a.lot - b.lot);
  const chosen = new Set(lots.slice(0, most).map(({ point }) => point));
  return points.filter((point) => chosen.has(point));
}
