import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { homeAt } from '../../src/layout.ts';
import type { Options } from '../experiment.ts';
import type { Client } from '../support/client/client.ts';
import { makeDisk } from '../support/disk/disk.ts';
import { unmountAll } from '../support/disk/mounts.ts';
import { endAllOf } from '../support/left-over.ts';
import { serves, setScene } from '../support/scene.ts';

const PLACE = 'kintsugi/vault';
const MIB = 2 ** 20;

/** The file that is written and three older ones have a cap of 16 MiB each; beyond it is what a client says between two looks of a busy machine. */
const ALLOWED = 6 * 4 * 16 * MIB;

export interface Flood {
  /** MiB that all its logs ever took together. */
  readonly most: number;
  readonly violations: readonly string[];
}

/** A client that says as much as the disk takes, for some seconds: its logs stay near their cap, and it serves on. */
export async function flood(folder: string, { program, size }: Options, client: Client): Promise<Flood> {
  const scene = await setScene(folder, program, client);
  const disk = makeDisk({ at: scene.home, image: `${folder}/disk.image`, kind: 'ext4', bytes: 640 * MIB });
  const { logs } = homeAt(scene.home).instance('kintsugi', 'vault');
  try {
    disk.mount();
    await scene.write({ [PLACE]: {} });
    const built = client.build('flood');
    await scene.name(PLACE, built);
    scene.start();
    const { child } = await scene.until(PLACE, 'it serves', serves(built), 90_000);
    await scene.behave(PLACE, 'flood');
    let most = 0;
    for (const end = performance.now() + (size === 'full' ? 20_000 : 2_000); performance.now() < end; await sleep(5))
      most = Math.max(most, bytesIn(logs));
    await scene.behave(PLACE, 'steady');
    const after = await scene.until(PLACE, 'it answers', () => true, 90_000);
    const violations = [
      ...(most <= ALLOWED ? [] : [`the logs of a client took ${Math.round(most / MIB)} MiB`]),
      ...(after.child?.pid === child?.pid ? [] : ['a client that says much was not left alone']),
      ...scene.overlaps(),
    ];
    return { most: Math.round(most / MIB), violations };
  } finally {
    await scene.stop();
    endAllOf(`${folder}/`);
    unmountAll(folder);
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder)
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);
}
