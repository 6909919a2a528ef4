import type { TaskEvent } from '../../core/events.ts';
import type { UpdateId } from '../../core/instance.ts';
import { sentenceOf, VisorError } from '../../errors.ts';
import { undoMove, withDataAlone } from '../data/restore.ts';
import type { Cell } from '../instance/cell.ts';
import { tellBlocked } from '../instance/guard.ts';
import { claimIdentity } from '../instance/identity.ts';
import type { Stage } from '../reconciler.ts';
import { tellProgress } from './progress.ts';

/** Puts the data back as they were before a switch. Ends in `restored` or `restoreFailed`. */
export async function restoreTask(update: UpdateId, cell: Cell, { signal, enter }: Stage): Promise<TaskEvent> {
  try {
    const guard = await claimIdentity(cell, signal);
    await enter();
    signal.throwIfAborted();
    await withDataAlone(guard, cell, signal, () => undoMove(update, cell, signal));
    tellBlocked(null, cell);
    return { type: 'restored' };
  } catch (error) {
    signal.throwIfAborted();
    const next = error instanceof VisorError ? error.next : undefined;
    cell.log.error({ update, reason: sentenceOf(error), next }, 'the data could not be put back; it is tried again');
    tellBlocked(`the data could not be put back: ${sentenceOf(error)}`, cell);
    return { type: 'restoreFailed', reason: sentenceOf(error) };
  } finally {
    tellProgress(cell, null);
  }
}
