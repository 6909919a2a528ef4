import { join } from 'node:path';
import type { UpdateId } from '../../core/instance.ts';
import { removeBackup } from '../../data/kept.ts';
import { type Backup, readMarker, writeMarker } from '../../data/marker.ts';
import { type Move, moveOf, recordMove } from '../../data/moves.ts';
import { putBack } from '../../data/put-back.ts';
import { VisorError } from '../../errors.ts';
import { clearTheWay } from '../../process/clear.ts';
import { releaseAll } from '../../process/locks/take-all.ts';
import type { Cell } from '../instance/cell.ts';
import { clearRequest } from '../instance/guard.ts';
import type { Guard } from '../instance/identity.ts';
import { refuseStrangers, withoutStrangers } from '../instance/strangers.ts';
import { progressLines, tellProgress } from '../tasks/progress.ts';

/**
 * Undoes what was done to the data for a switch: nothing, where no migration of it ever began. Wherever an earlier attempt died, a later one ends it.
 * @throws VisorError where the backup is not there, is damaged, or there is no room: nothing is changed then; the signal's reason
 */
export async function undoMove(update: UpdateId, cell: Cell, signal: AbortSignal): Promise<void> {
  const move = await moveOf(cell.folder.moves, update);
  const { data } = cell.config();
  const folder = move?.backup ?? (data === null ? null : join(data.backups, update));
  if (folder === null) return;
  if (move?.stage !== 'back') {
    const backup = await readMarker(folder);
    if (backup === null && move !== null) throw missing(folder);
    if (backup !== null) await undo(backup, move, cell, signal);
  }
  await removeBackup(folder);
}

async function undo(backup: Backup, move: Move | null, cell: Cell, signal: AbortSignal): Promise<void> {
  const { update } = backup.marker;
  const lines = progressLines(cell, 'putting the data back');
  await putBack(backup, (received, total) => lines({ received, total }), signal);
  tellProgress(cell, null);
  if (move !== null) await recordMove(cell.folder.moves, { ...move, stage: 'back' });
  await writeMarker({ ...backup, marker: { ...backup.marker, usedAt: cell.services.clock.now() } });
  cell.log.warn({ update, folder: backup.folder }, 'the data were put back as they were before the switch');
}

/** Runs what may only be done while nobody has the data open: every lock of the identity is ours meanwhile. */
export async function withDataAlone<T>(
  guard: Guard,
  cell: Cell,
  signal: AbortSignal,
  act: () => Promise<T>,
): Promise<T> {
  return withoutStrangers(guard, cell, signal, async () => {
    const locks = await clearTheWay(clearRequest(guard, cell), signal);
    try {
      cell.isClear.set(true);
      await refuseStrangers(guard, cell);
      return await act();
    } finally {
      releaseAll(locks);
    }
  });
}

export const missing = (folder: string): VisorError =>
  new VisorError(
    'io',
    `the backup ${folder} is not there, or was never completed`,
    'Mount the disk that has it, or make data.backupDir name where it is; nothing was changed.',
  );
