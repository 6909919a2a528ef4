import type { Migration } from '../../core/release.ts';
import { foresee } from '../../data/back-up.ts';
import { VisorError } from '../../errors.ts';
import { inspectProgram } from '../../install/format.ts';
import { checkFits, thisHost } from '../../install/host.ts';
import type { Cell } from '../instance/cell.ts';
import { obtain } from '../tasks/obtain.ts';
import { dataOf, placeOf } from './place.ts';

/**
 * Everything that a migration of the data needs, asked while the old client still serves: its bytes, proved, for this machine, and a backup that could be
 * made.
 * @throws VisorError saying what is in its way
 */
export async function readyForData(migrations: readonly Migration[], cell: Cell, signal: AbortSignal): Promise<void> {
  for (const migration of migrations) await requireProgram(migration, await obtain(migration, cell, signal));
  await foresee(await placeOf(cell), dataOf(cell).backups, signal);
}

async function requireProgram({ checksum }: Migration, path: string): Promise<void> {
  const misfit = checkFits(await inspectProgram(path), thisHost());
  if (misfit === null) return;
  throw new VisorError(
    misfit.code,
    `The migration of the data ${checksum.slice(0, 12)}…: ${misfit.message}`,
    misfit.next,
  );
}
