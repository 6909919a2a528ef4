import { chmod, chown, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode, VisorError } from '../../errors.ts';
import { makeFolders } from '../../folders.ts';
import { writeAtomic } from '../../store/atomic-write.ts';
import { ownerOf } from '../draft/write-new.ts';
import type { NamedSecret } from './name-secrets.ts';

/**
 * Writes each secret into its file, 0600 in folders of 0700 that belong to whom the home belongs to, where that is there: the daemon reads them, and the client's own user need not.
 * @throws VisorError `usage` where another secret lies there already, and `force` was not said; nothing was written then
 */
export async function writeSecrets(
  secrets: readonly NamedSecret[],
  { force, home }: { readonly force: boolean; readonly home: string },
): Promise<void> {
  if (!force) for (const secret of secrets) await requireSame(secret);
  const owner = await ownerOf(home);
  for (const folder of new Set(secrets.map(({ path }) => dirname(path)))) {
    await makeFolders(dirname(folder), 0o755);
    await makeFolders(folder, 0o700);
    await chmod(folder, 0o700);
    if (owner !== null) await chown(folder, owner.uid, owner.gid);
  }
  for (const { path, value } of secrets)
    await writeAtomic(path, `${value}\n`, { mode: 0o600, ...(owner && { owner }) });
}

async function requireSame({ path, value }: NamedSecret): Promise<void> {
  const present = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
  if (present === null || present === `${value}\n`) return;
  throw new VisorError(
    'usage',
    `${path} is there already, with another secret`,
    'Nothing was changed. Move it away, or replace it with --force.',
  );
}
