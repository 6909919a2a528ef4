import { setTimeout as pause } from 'node:timers/promises';
import type { Deployment } from '../../core/deployment.ts';
import { sentenceOf } from '../../errors.ts';
import { pointCurrent } from '../../install/deployment-dir.ts';
import type { Cell } from '../instance/cell.ts';

/** How soon a link that the disk did not take is tried again (ms). */
const AGAIN = 2_000;

/** Points `current` to what runs now. Where the disk refuses, that is told once, and tried again while it runs: the former target may be swept. */
export async function pointToPresent(of: Deployment, cell: Cell): Promise<void> {
  for (let isTold = false; ; isTold = true) {
    try {
      return await pointCurrent(cell.folder, of.id);
    } catch (error) {
      const reason = sentenceOf(error);
      if (!isTold)
        cell.log.warn({ reason }, 'the link to the current deployment could not be set; nothing is decided by it');
    }
    await pause(AGAIN, undefined, { ref: false });
    if (cell.stopping.aborted || cell.child.get()?.deployment.id !== of.id) return;
  }
}
