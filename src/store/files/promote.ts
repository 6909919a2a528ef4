import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Checksum } from '../../core/release.ts';
import { makeFolder, syncFolder } from '../../folders.ts';
import type { Store } from '../../layout.ts';
import { verifiedPath } from './checksum-path.ts';
import type { HashedFile } from './hashed-file.ts';

/**
 * Gives a file the name of its own bytes and the mode that goes with it, durably. The name comes from the hash of what was written,
 * never from what was asked for: whatever a caller got wrong, no bytes are called what they are not.
 * Closed before it is renamed: a file that anybody has open for writing cannot be executed (ETXTBSY).
 */
export async function promote(store: Store, file: HashedFile): Promise<Checksum> {
  const checksum = file.checksum();
  await file.handle.chmod(0o555);
  await file.sync();
  await file.close();
  await makeFolder(store.verified, 0o700);
  await rename(file.path, verifiedPath(store, checksum));
  await syncFolder(store.verified);
  await syncFolder(dirname(file.path));
  return checksum;
}
