import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Figure } from '../experiment.ts';
import type { Built } from '../support/client/client.ts';
import { look } from '../support/daemon.ts';
import { type Scene, serves, setScene } from '../support/scene.ts';

export interface Updates {
  readonly folder: string;
  readonly program: string;
  readonly instances: number;
  /** In the proportion of the defaults, 5 and 30 minutes. */
  readonly health: { readonly minHealthyTime: string; readonly healthyDeadline: string };
  readonly signal: AbortSignal;
  say(line: string): void;
}

/** So long all of them may take, in milliseconds. */
const PATIENCE = 15 * 60_000;

/**
 * Many instances on one daemon, and all are named a new release at once. `maxUpdating`, `maxStarting` and everything else but the patience is
 * as it is by default. Not one may be gone back from because the machine had no time for it.
 */
export async function updates({ folder, program, instances, health, signal, say }: Updates) {
  const scene = await setScene(folder, program);
  const places = Array.from({ length: instances }, (_, n) => `net/vault-${n}`);
  try {
    await scene.write(Object.fromEntries(places.map((place) => [place, settingsOf(place, scene)])), {
      defaults: { health: { ...health, probes: [{ log: 'Starting all services' }] } },
    });
    const [first, second] = [scene.client.build('1.0.0'), scene.client.build('2.0.0')];
    for (const place of places) await scene.name(place, first);
    const begun = performance.now();
    scene.start();
    const up = await untilAll(scene, places, first, signal, say);
    const named = performance.now();
    for (const place of places) await scene.name(place, second);
    const done = up === places.length ? await untilAll(scene, places, second, signal, say) : 0;
    const end = performance.now();
    const undone = await undoneIn(scene, places);
    const overlaps = scene.overlaps();
    const starts = places.flatMap((place) => scene.journal(place)).filter(({ what }) => what === 'start').length;
    const figures: Figure[] = [
      { what: 'instances on one daemon', value: instances },
      { what: 'all of them committed at first, in s', value: seconds(named - begun) },
      {
        what: 'committed to the release that all were named at once',
        value: done,
        goal: { words: `${instances}`, met: done === instances },
      },
      { what: 'that took, in s', value: seconds(end - named) },
      {
        what: 'failed, gone back or quarantined',
        value: undone.length,
        goal: { words: '0', met: undone.length === 0 },
      },
      { what: 'starts of a client', value: starts, goal: { words: `${2 * instances}`, met: starts === 2 * instances } },
    ];
    const violations = [
      ...(done === instances ? [] : [`${instances - done} of ${instances} instances were not updated`]),
      ...undone,
      ...overlaps,
    ];
    return { figures, violations };
  } finally {
    await scene.close();
  }
}

/** A hundred clients that look every millisecond would be the load themselves. */
const settingsOf = (place: string, scene: Scene) => ({
  args: ['--witness', scene.witness(place), '--tick', '50'],
  release: {
    source: 'manifest',
    url: `file://${join(scene.folder, `${place.replace('/', '-')}.manifest.json`)}`,
    interval: '1s',
  },
});

/** How many serve it, committed: all, unless the patience ends first. */
async function untilAll(
  scene: Scene,
  places: readonly string[],
  built: Built,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<number> {
  let told = 0;
  for (const end = performance.now() + PATIENCE; ; await sleep(250)) {
    const instances = (await look(scene.home))?.instances ?? [];
    const count = instances.filter(serves(built)).length;
    if (count >= told + 10) say(`${count} of ${places.length} serve ${built.release}`);
    if (count >= told + 10) told = count;
    if (count === places.length || performance.now() > end || signal.aborted) return count;
  }
}

async function undoneIn(scene: Scene, places: readonly string[]): Promise<readonly string[]> {
  const bad = ['failed', 'rolledBack', 'quarantined', 'exited', 'unhealthy', 'fetchFailed'];
  const all = await Promise.all(
    places.map(async (place) =>
      (await scene.history(place))
        .filter(({ event }) => bad.includes(event))
        .map(({ event, reason }) => `${place}: ${event}: ${reason}`),
    ),
  );
  return all.flat();
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
