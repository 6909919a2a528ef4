import { sentenceOf } from '../../errors.ts';
import { clearTheWay } from '../../process/clear.ts';
import type { Cell } from './cell.ts';
import { clearRequest } from './guard.ts';
import { claimIdentity } from './identity.ts';

/** No child is wanted, now or any more, but a supervisor that died may have left one: it is ended before anything takes the slot. */
export async function clearOrphan(cell: Cell): Promise<void> {
  try {
    const guard = await claimIdentity(cell, cell.stopping);
    const locks = await clearTheWay(clearRequest(guard, cell), cell.stopping);
    cell.copies.down();
    cell.isClear.set(true);
    for (const lock of locks) lock.release();
  } catch (error) {
    if (cell.stopping.aborted) return;
    cell.log.error({ reason: sentenceOf(error) }, 'whether a child was left behind could not be found out');
  }
}
