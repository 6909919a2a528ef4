import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, syncFolder } from '../atomic-write.ts';
import type { HashedFile } from './hashed-file.ts';

/**
 * Gives bytes that have proved their hash the name and the mode that go with it, durably.
 * Closed before it is renamed: a file that anybody has open for writing cannot be executed (ETXTBSY).
 */
export async function promote(file: HashedFile, verified: string): Promise<void> {
  await file.handle.chmod(0o555);
  await file.sync();
  await file.close();
  await makeFolder(dirname(verified), 0o700);
  await rename(file.path, verified);
  await syncFolder(dirname(verified));
  await syncFolder(dirname(file.path));
}
