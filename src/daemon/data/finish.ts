import { readMoves } from '../../data/moves.ts';
import { finishPutBack } from '../../data/put-back.ts';
import { sentenceOf } from '../../errors.ts';
import type { InstanceFolder } from '../../layout.ts';
import type { Log } from '../../log.ts';

/** Before anything is started: data that a death left without their name get it. What was done to them otherwise, the tasks go on with. */
export async function finishMoves({ moves }: InstanceFolder, log: Log): Promise<void> {
  try {
    const folders = new Set((await readMoves(moves)).map(({ dir }) => dir));
    for (const dir of folders) await finishPutBack(dir);
  } catch (error) {
    log.error({ reason: sentenceOf(error) }, 'what was last done to the data cannot be looked at');
  }
}
