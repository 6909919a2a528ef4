import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { UpdateId } from '../core/instance.ts';
import { systemCode } from '../errors.ts';
import { syncFolder } from './durable.ts';
import { type Backup, markerOf, readMarker } from './marker.ts';
import { removeTree } from './remove-tree.ts';

/** What lies where backups are kept. `backup` `null`: it was never completed, or its record cannot be read (`trouble`). */
export interface Found {
  readonly update: UpdateId;
  readonly folder: string;
  readonly backup: Backup | null;
  readonly trouble: string | null;
}

/** Whether a text may name a switch, and so a folder. */
export const isUpdateId = (text: string): boolean => /^\d+-[0-9a-f]+$/.test(text);

/** The newest first. */
export async function listBackups(folder: string): Promise<readonly Found[]> {
  const names = (await namesIn(folder)).filter(isUpdateId);
  const found = await Promise.all(names.map((update) => look(update, join(folder, update))));
  return found.sort((a, b) => ageOf(b) - ageOf(a));
}

/** The time of the switch is the first part of its name. */
const ageOf = ({ update }: Found): number => Number(update.split('-')[0]);

async function look(update: UpdateId, folder: string): Promise<Found> {
  try {
    return { update, folder, backup: await readMarker(folder), trouble: null };
  } catch (error) {
    return { update, folder, backup: null, trouble: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Which may go: what was put back, what was never completed, and all but the newest `keep`. Never what `named` names, nor what cannot be read.
 * @param found the newest first
 */
export function superfluous(found: readonly Found[], named: ReadonlySet<UpdateId>, keep: number): readonly Found[] {
  const free = found.filter(({ update, trouble }) => !named.has(update) && trouble === null);
  const whole = free.filter(({ backup }) => backup !== null && backup.marker.usedAt === null);
  return free.filter((one) => !whole.slice(0, keep).includes(one));
}

/** Where it is tried whether files can share their blocks; of a try that died it is left. */
export const trialIn = (folder: string): string => join(folder, '.trial');

/** Its record first: what is left after a death was never completed. */
export async function removeBackup(folder: string): Promise<void> {
  await rm(markerOf(folder), { force: true });
  await syncFolder(folder).catch(() => {}); // perhaps it is not there
  await removeTree(folder);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return [];
    throw error;
  }
}
