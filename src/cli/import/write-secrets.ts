import { constants } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode, VisorError } from '../../errors.ts';
import { makeFolders } from '../../folders.ts';
import { type Owner, writeAtomic } from '../../store/atomic-write.ts';
import { ownerOf } from '../draft/write-new.ts';
import type { NamedSecret } from './name-secrets.ts';

/**
 * Writes each secret into its file, 0600 in folders of 0700 that belong to whom the home belongs to, where that is there: the daemon reads them, and the client's own user need not.
 * @throws VisorError `usage` where another secret lies there already, and `force` was not said, or where the folder is a link; nothing was written then
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
    await giveFolder(folder, owner);
  }
  for (const { path, value } of secrets)
    await writeAtomic(path, `${value}\n`, { mode: 0o600, ...(owner && { owner }) });
}

/** Never through a link: it may lie where another user writes, and root would close and give away whatever that user names. */
async function giveFolder(path: string, owner: Owner | null): Promise<void> {
  const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;
  const folder = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch((cause: unknown) => {
    if (!['ENOTDIR', 'ELOOP'].includes(systemCode(cause) ?? '')) throw cause;
    const next = 'Nothing was written. Move it away: the secrets are to lie in a folder that is for its owner alone.';
    throw new VisorError('usage', `${path} is a link`, next, { cause });
  });
  try {
    await folder.chmod(0o700);
    if (owner !== null) await folder.chown(owner.uid, owner.gid);
  } finally {
    await folder.close();
  }
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
