import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checksum } from '../core/release.ts';
import { printable, VisorError } from '../errors.ts';
import { makeFolder } from '../folders.ts';
import type { Store } from '../layout.ts';
import { temporaryBeside } from './atomic-write.ts';
import { diskError } from './files/file-errors.ts';
import { createHashedFile } from './files/hashed-file.ts';
import { readLocalFile } from './files/local-file.ts';
import { promote } from './files/promote.ts';

/** See `Blobs.importFile`. The copy is made in `partial/`: a name in `sha256/` is earned first. */
export async function importFile(
  store: Store,
  path: string,
  checksum: Checksum | null,
  signal: AbortSignal,
): Promise<Checksum> {
  try {
    await makeFolder(store.partial, 0o700);
    return await copyIn(store, path, checksum, signal);
  } catch (error) {
    throw diskError(error, `could not take ${printable(path)} into the store`);
  }
}

async function copyIn(store: Store, path: string, wanted: Checksum | null, signal: AbortSignal): Promise<Checksum> {
  const temporary = temporaryBeside(join(store.partial, 'import'));
  const copy = await createHashedFile(temporary);
  try {
    for await (const chunk of readLocalFile(path, signal)) copy.append(chunk);
    const checksum = copy.checksum();
    if (wanted !== null && checksum !== wanted) throw otherBytes(path, wanted, checksum);
    return await promote(store, copy);
  } finally {
    await copy.close();
    await rm(temporary, { force: true });
  }
}

function otherBytes(path: string, wanted: Checksum, found: Checksum): VisorError {
  return new VisorError(
    'protocol',
    `${printable(path)} has the SHA-256 ${found}, not ${wanted}`,
    'Name the file that has this checksum, or correct the checksum.',
  );
}
