import type { Instance } from '../../core/instance.ts';
import { adopts } from '../../core/questions.ts';
import { findOrphan, type Orphan } from '../../process/adopt.ts';
import type { Cell } from './cell.ts';
import { guardOf } from './identity.ts';

/** The child that a dead supervisor left, where the file wants it adopted and it is the one that is wanted. Every other is ended before the next start. */
export async function adoptable(i: Instance, cell: Cell): Promise<Orphan | null> {
  // what an agent runs is its own child, and is taken over there
  if (cell.config().orphans !== 'adopt' || cell.config().agent !== null) return null;
  const { locks } = await guardOf(cell);
  const orphan = findOrphan(cell.folder.childRecord, locks);
  return orphan !== null && adopts(i, orphan.deployment) ? orphan : null;
}
