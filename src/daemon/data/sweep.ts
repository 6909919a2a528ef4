import { rm } from 'node:fs/promises';
import type { DataConfig } from '../../config/settings.ts';
import type { Instance, UpdateId } from '../../core/instance.ts';
import { type Found, listBackups, removeBackup, superfluous, trialIn } from '../../data/kept.ts';
import { seal } from '../../data/verify.ts';
import type { Log } from '../../log.ts';

/** What the state may still have put back, or is just making. */
export function namedBackups({ slot, data }: Instance): ReadonlySet<UpdateId> {
  const present = slot.at === 'switching' || slot.at === 'reverting' ? [slot.update] : [];
  return new Set([...present, ...(data === null ? [] : [data])]);
}

/**
 * Removes the backups that nobody needs any more, and hashes those that were made without reading them.
 * @param value asked when it is known what lies there: what is begun later is named by then
 */
export async function sweepBackups(
  { backups, keep }: DataConfig,
  value: () => Instance,
  log: Log,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const found = await listBackups(backups);
  const gone = superfluous(found, namedBackups(value()), keep);
  await rm(trialIn(backups), { force: true });
  for (const { folder } of gone) await removeBackup(folder);
  if (gone.length > 0)
    log.info({ updates: gone.map(({ update }) => update) }, 'backups that nobody needs were removed');
  // while data move, their backup is another's to write to
  for (const { backup, update } of found.filter((one) => !gone.includes(one)))
    if (backup !== null && !isMoving(value(), update)) await seal(backup, () => !isMoving(value(), update), signal);
  return gone;
}

const isMoving = ({ slot }: Instance, update: UpdateId): boolean =>
  (slot.at === 'switching' || slot.at === 'reverting') && slot.update === update;
