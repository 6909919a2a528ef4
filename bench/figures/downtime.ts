import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startExitEvent } from '../beside/exit-event.ts';
import { lastGap, nextStart, starts } from '../client/journal.ts';
import type { Figure } from '../figure.ts';
import { followManifest, nameRelease, PLACE } from '../manifest.ts';
import { median } from '../statistics.ts';

const UPDATES = 15;

/** What follows a commit (old releases are swept after 1 s) is not to fall into the next update. */
const QUIET = 1_300;

export const downtime: Figure = {
  name: 'downtime',
  title: "Downtime of an update without data migration: old client's last word to new client's first",
  async measure(scene) {
    await followManifest(scene);
    const first = await nameRelease(scene, 0);
    const program = (number: number) => join(scene.folder, `vault-${number}`);
    const naive = startExitEvent(scene, program(0));
    scene.owns(() => naive.stop());
    scene.start();
    await scene.committed(PLACE, first);
    const ours: number[] = [];
    const beside: number[] = [];
    for (let number = 1; number <= UPDATES; number += 1) {
      await sleep(QUIET);
      await scene.committed(PLACE, await nameRelease(scene, number));
      ours.push(lastGap(scene.journal(PLACE)));
      const before = starts(naive.journal).length;
      naive.update(program(number));
      await nextStart(naive.journal, before);
      beside.push(lastGap(naive.journal));
    }
    return {
      series: [
        { what: 'vaultvisor', unit: 'ms', values: ours },
        { what: 'spawn in the exit event', unit: 'ms', values: beside },
      ],
      goals: [{ what: 'difference of medians', value: median(ours) - median(beside), limit: 10, unit: 'ms' }],
      notes: [scene.client.words, 'Alternating; the clients write their own times (CLOCK_MONOTONIC).'],
    };
  },
};
