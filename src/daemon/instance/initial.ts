import { fileURLToPath } from 'node:url';
import type { ClientConfig } from '../../config/settings.ts';
import type { Instance } from '../../core/instance.ts';
import type { Release } from '../../core/release.ts';
import { sentenceOf } from '../../errors.ts';
import { importFile } from '../../store/import-file.ts';
import type { Cell } from './cell.ts';

/**
 * The first deployment (`start.initial`: the program that runs today), named by its own checksum. It matters until anything
 * was ever healthy; after that its file is not looked at again.
 */
export async function initialRelease({ initial }: ClientConfig, i: Instance, cell: Cell): Promise<Release | null> {
  if (initial === null) return null;
  const known = i.config.initial;
  if (Object.keys(i.proven).length > 0) return known;
  try {
    const checksum = await importFile(
      cell.services.blobs.store,
      fileURLToPath(initial),
      null,
      AbortSignal.timeout(600_000),
    );
    return { checksum, uri: initial, version: null };
  } catch (error) {
    cell.log.error(
      { initial, reason: sentenceOf(error) },
      'start.initial cannot be read; the release that is named is waited for instead',
    );
    return known?.uri === initial ? known : null;
  }
}
