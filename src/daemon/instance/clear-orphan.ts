import { sentenceOf } from '../../errors.ts';
import { clearTheWay } from '../../process/clear.ts';
import { clearAgent } from '../agent/clear-agent.ts';
import { leaveFormerAgent } from '../agent/former.ts';
import type { Cell } from './cell.ts';
import { clearRequest } from './guard.ts';
import { claimIdentity } from './identity.ts';

/** No child is wanted, now or any more, but a supervisor that died may have left one: it is ended before anything takes the slot. */
export async function clearOrphan(cell: Cell): Promise<void> {
  try {
    const { agent } = cell.config();
    if (agent !== null) await clearAgent(agent.socket, cell, cell.stopping);
    else await clearHere(cell);
    cell.copies.down();
    cell.isClear.set(true);
  } catch (error) {
    if (cell.stopping.aborted) return;
    cell.log.error({ reason: sentenceOf(error) }, 'whether a child was left behind could not be found out');
  }
}

async function clearHere(cell: Cell): Promise<void> {
  await leaveFormerAgent(cell, cell.stopping);
  const guard = await claimIdentity(cell, cell.stopping);
  for (const lock of await clearTheWay(clearRequest(guard, cell), cell.stopping)) lock.release();
}
