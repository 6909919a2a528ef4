import { readdirSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../experiment.ts';
import { type Scene, setScene } from '../support/scene.ts';
import { flatness } from './flat.ts';
import { type Gauged, gauge, startGaugeable } from './gauge.ts';

export interface CrashLoop {
  readonly folder: string;
  /** By which the heap may grow. */
  readonly share: number;
  readonly program: string;
  readonly restarts: number;
  readonly signal: AbortSignal;
  say(line: string): void;
}

/** One is never well before it crashes; the other is committed each time, and crashes then. */
const crashes = 'net/crashes';
const flickers = 'net/flickers';
const both = [crashes, flickers];

const MEBI = 2 ** 20;
/** As docs/state.md says: the file that is written and three older ones. */
const HISTORY_MOST = 4 * 4 * MEBI;
const LOG_MOST = 4 * 16 * MEBI;

/** Two clients that crash over and over, with a backoff of milliseconds. What the daemon holds, and its home, must not grow. */
export async function crashLoop({ folder, program, share, restarts, signal, say }: CrashLoop) {
  const scene = await setScene(folder, program);
  try {
    const restart = { delay: '1ms', max: '2ms', stableAfter: '1h' };
    await scene.write(
      {
        [crashes]: { health: { minHealthyTime: '1m', healthyDeadline: '1h', exits: 2, probes: [] } },
        [flickers]: {
          health: { minHealthyTime: '10ms', healthyDeadline: '1h', exits: 2, probes: [], rollbackWindow: '1ms' },
        },
      },
      { defaults: { restart, stop: { grace: '5s' } } },
    );
    const built = scene.client.build('1.0.0', 'crash');
    for (const place of both) await scene.name(place, built);
    await fill(join(scene.home, 'instances', crashes, 'history.ndjson'), 4 * MEBI - 20_000, 3);
    await fill(join(scene.home, 'instances', crashes, 'logs/client.log'), 16 * MEBI - 20_000, 3);
    const daemon = await startGaugeable(scene);
    const warmUp = Math.max(20, Math.ceil(restarts / 5));
    await untilStarts(scene, warmUp, signal);
    const warm = await atRest(scene, daemon.pid);
    const before = startsIn(scene);
    await untilStarts(scene, before + restarts, signal, say);
    const end = await atRest(scene, daemon.pid);
    const done = startsIn(scene) - before;
    const overlaps = scene.overlaps();
    const grown = sizesOf(scene);
    const flat = flatness(`${restarts} restarts`, share, warm.held, end.held);
    const isBounded =
      grown.history <= HISTORY_MOST && grown.log <= LOG_MOST + MEBI && end.home.state <= warm.home.state + 1_000;
    const figures: Figure[] = [
      { what: 'restarts of clients that crash', value: done, goal: { words: `${restarts}`, met: done >= restarts } },
      ...flat.figures,
      {
        what: 'state.json of both, after the warm-up and at the end, in bytes',
        value: `${warm.home.state}, ${end.home.state}`,
      },
      { what: 'files in the home, after the warm-up and at the end', value: `${warm.home.files}, ${end.home.files}` },
      {
        what: 'history and log of a client that had filled them before, in MiB',
        value: `${(grown.history / MEBI).toFixed(1)}, ${(grown.log / MEBI).toFixed(1)}`,
        goal: { words: `at most ${HISTORY_MOST / MEBI}, ${LOG_MOST / MEBI}`, met: isBounded },
      },
    ];
    const violations = [
      ...(done >= restarts ? [] : [`only ${done} of ${restarts} restarts`]),
      ...flat.violations,
      ...(isBounded ? [] : [`the home grew: ${JSON.stringify({ warm: warm.home, end: end.home, grown })}`]),
      ...(end.home.files <= warm.home.files ? [] : [`${warm.home.files} files in the home became ${end.home.files}`]),
      ...overlaps,
    ];
    return { figures, violations };
  } finally {
    await scene.close();
  }
}

/** The file and older ones beside it, as if all of it had gone on for long. */
async function fill(path: string, bytes: number, older: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const line = `${JSON.stringify({ schema: 1, at: new Date(0).toISOString(), event: 'restarted', pid: 1 })}\n`;
  const text = line.repeat(Math.floor(bytes / line.length));
  for (let age = 0; age <= older; age++) await writeFile(age === 0 ? path : `${path}.${age}`, text, { mode: 0o600 });
}

const startsIn = (scene: Scene): number =>
  both.flatMap((place) => scene.journal(place)).filter(({ what }) => what === 'start').length;

async function untilStarts(
  scene: Scene,
  count: number,
  signal: AbortSignal,
  say: (line: string) => void = () => {},
): Promise<void> {
  for (let told = performance.now(); startsIn(scene) < count && !signal.aborted; await sleep(200)) {
    if (performance.now() < told + 20_000) continue;
    told = performance.now();
    say(`${startsIn(scene)} of ${count} starts`);
  }
}

interface AtRest {
  readonly held: Gauged;
  readonly home: { readonly state: number; readonly files: number };
}

/** Both clients behave for a moment, and the daemon has nothing to do. */
async function atRest(scene: Scene, pid: number): Promise<AtRest> {
  for (const place of both) await scene.behave(place, 'steady');
  for (const place of both) await scene.until(place, 'is up', ({ child }) => child !== null);
  await sleep(1_500);
  const held = await gauge(pid, join(scene.folder, 'daemon.log'));
  const home = { state: sizesOf(scene).state, files: readdirSync(scene.home, { recursive: true }).length };
  for (const place of both) await scene.behave(place, 'crash');
  return { held, home };
}

function sizesOf(scene: Scene): { state: number; history: number; log: number } {
  const folder = (place: string) => join(scene.home, 'instances', place);
  const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const all = (path: string) =>
    [path, ...[1, 2, 3, 4].map((age) => `${path}.${age}`)].reduce((sum, each) => sum + sizeOf(each), 0);
  return {
    state: both.reduce((sum, place) => sum + sizeOf(join(folder(place), 'state.json')), 0),
    history: all(join(folder(crashes), 'history.ndjson')),
    log: all(join(folder(crashes), 'logs/client.log')),
  };
}
