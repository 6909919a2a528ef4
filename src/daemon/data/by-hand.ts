import { join } from 'node:path';
import type { InstanceEvent } from '../../core/events.ts';
import type { Instance, UpdateId } from '../../core/instance.ts';
import { serving } from '../../core/occupancy.ts';
import { type Backup, readMarker } from '../../data/marker.ts';
import { moveOf, readMoves, recordMove } from '../../data/moves.ts';
import { putBack } from '../../data/put-back.ts';
import { VisorError } from '../../errors.ts';
import type { Cell } from '../instance/cell.ts';
import { claimIdentity } from '../instance/identity.ts';
import { dataOf } from './place.ts';
import { missing, withDataAlone } from './restore.ts';

/**
 * Puts back the backup of an update because a person says so, while the client is stopped; what ran on those data comes back with them. A death in between
 * is made good at the next start of the daemon.
 * @throws VisorError `usage` where that could not be, and nothing is changed; `io` where the backup is damaged or there is no room
 */
export async function restoreByHand(
  update: UpdateId,
  cell: Cell,
  ask: (event: InstanceEvent) => Promise<void>,
): Promise<void> {
  requireRestorable(update, cell.value());
  const { stopping: signal, folder } = cell;
  const backup = await backupOf(update, dataOf(cell).backups);
  const guard = await claimIdentity(cell, signal);
  await withDataAlone(guard, cell, signal, async () => {
    requireRestorable(update, cell.value());
    await returning(update, backup, folder.moves, signal);
    await ask({ type: 'dataRestored', update });
    await returned(update, folder.moves);
  });
  cell.log.warn({ update, folder: backup.folder }, 'a person put the data back as they were before the switch');
}

/** Brings to its end what a person had begun when we died. */
export async function resumeByHand(cell: Cell, ask: (event: InstanceEvent) => Promise<void>): Promise<void> {
  const begun = (await readMoves(cell.folder.moves)).find(({ stage }) => stage === 'returning');
  if (begun === undefined) return;
  const isTold = cell.value().updates[begun.update] === undefined;
  if (isTold) await returned(begun.update, cell.folder.moves);
  else await restoreByHand(begun.update, cell, ask);
}

/** @throws VisorError `usage` */
export function requireRestorable(update: UpdateId, i: Instance): void {
  const refuse = (why: string, next: string) => new VisorError('usage', why, `Nothing was changed. ${next}`);
  if (serving(i) === null) throw refuse('The data are being moved just now', 'Wait until status shows another phase.');
  if (!i.said.stopped) throw refuse('The client is not stopped', 'Say vaultvisor stop first, and start afterwards.');
  const known = i.updates[update];
  if (known !== undefined && i.formers.some(({ data }) => data === known.from)) return;
  throw refuse(
    `No release is kept that ran on the data of ${update}`,
    'With the client stopped, its files can be copied from the data/ of that backup by hand, for a client that you run yourself.',
  );
}

/** @throws VisorError `io` where it is not there, or was never completed */
export async function backupOf(update: UpdateId, backups: string): Promise<Backup> {
  const folder = join(backups, update);
  const backup = await readMarker(folder);
  if (backup === null) throw missing(folder);
  return backup;
}

/** The data themselves. From here on they are another's than the state says, until that is told. */
export async function returning(update: UpdateId, backup: Backup, moves: string, signal: AbortSignal): Promise<void> {
  const { dir } = backup.marker;
  const former = await moveOf(moves, update);
  await recordMove(moves, { migrations: [], ...former, update, dir, backup: backup.folder, stage: 'returning' });
  await putBack(backup, () => {}, signal);
}

export async function returned(update: UpdateId, moves: string): Promise<void> {
  const move = await moveOf(moves, update);
  if (move !== null) await recordMove(moves, { ...move, stage: 'back' });
}
