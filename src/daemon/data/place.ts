import type { DataConfig } from '../../config/settings.ts';
import { requirePlace } from '../../data/place.ts';
import { VisorError } from '../../errors.ts';
import { isExcluding } from '../../process/locks/exclusion.ts';
import type { Cell } from '../instance/cell.ts';

/** @throws VisorError `config` where the file does not say where the data lie */
export function dataOf(cell: Cell): DataConfig {
  const { data } = cell.config();
  if (data !== null) return data;
  throw new VisorError(
    'config',
    'this release migrates data, and the args file does not say where they lie',
    'Set data.dir to the folder of the client’s database.',
  );
}

/** Where the data really lie. @throws VisorError `config` where they could not be backed up or put back */
export const placeOf = (cell: Cell): Promise<string> => {
  const { dir, backups } = dataOf(cell);
  const store = cell.services.home.store.verified;
  // where locks exclude, a disk is a local one
  return requirePlace({ dir, backups, store, isLocal: isExcluding });
};
