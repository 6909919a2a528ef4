import { join } from 'node:path';
import { startExitEvent } from '../beside/exit-event.ts';
import { clock, nextStart, starts } from '../client/journal.ts';
import type { Figure } from '../figure.ts';
import { followManifest, nameRelease, PLACE } from '../manifest.ts';
import { median } from '../statistics.ts';

const STARTS = 12;

export const startUp: Figure = {
  name: 'start-up',
  title: 'Start of the supervisor to the first word of its client, the release in the store',
  async measure(scene) {
    await followManifest(scene);
    const checksum = await nameRelease(scene, 0);
    scene.start();
    await scene.committed(PLACE, checksum);
    await scene.stop();
    const ours: number[] = [];
    const beside: number[] = [];
    for (let round = 0; round < STARTS; round += 1) {
      ours.push(await timed(scene.journal(PLACE), () => scene.start()));
      await scene.stop();
      let stop = async () => {};
      beside.push(
        await timed(join(scene.folder, 'beside', 'journal'), () => {
          stop = startExitEvent(scene, join(scene.folder, 'vault-0')).stop;
        }),
      );
      await stop();
    }
    return {
      series: [
        { what: 'vaultvisor run', unit: 'ms', values: ours },
        { what: 'a Node script that spawns', unit: 'ms', values: beside },
      ],
      goals: [{ what: 'vaultvisor run, median', value: median(ours), limit: 500, unit: 'ms' }],
      notes: [scene.client.words, `Beside it, ratio of medians: ${(median(ours) / median(beside)).toFixed(1)} ×.`],
    };
  },
};

async function timed(journal: string, start: () => unknown): Promise<number> {
  const before = starts(journal).length;
  const began = clock();
  start();
  return (await nextStart(journal, before)).at - began;
}
