import { link, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode, VisorError } from '../../errors.ts';
import { makeFolders } from '../../folders.ts';
import { type Owner, writeAtomic } from '../../store/atomic-write.ts';

/**
 * Writes a new args file, 0600: it may hold secrets. It belongs to whom the home belongs to, where that is there: the daemon must be able to read it.
 * @throws VisorError `usage` where a file is there already, and `force` was not said
 */
export async function writeNew(
  path: string,
  text: string,
  { force, home }: { readonly force: boolean; readonly home: string },
): Promise<void> {
  await makeFolders(dirname(path), 0o755);
  const owner = await ownerOf(home);
  const how = { mode: 0o600, ...(owner && { owner }) };
  if (force) return writeAtomic(path, text, how);
  const draft = `${path}.draft-${process.pid}`;
  try {
    await writeAtomic(draft, text, how);
    // the one call that fails where a file is there already, whoever was faster
    await link(draft, path);
  } catch (error) {
    throw systemCode(error) === 'EEXIST' ? taken(path) : error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** For who would rather know before he has answered questions. @throws VisorError `usage` where a file is there already */
export async function requireFree(path: string, force: boolean): Promise<void> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere && !force) throw taken(path);
}

const taken = (path: string): VisorError =>
  new VisorError(
    'usage',
    `${path} is there already`,
    'Nothing was changed. Name another file with --config FILE, or replace this one with --force.',
  );

/** Only root can give a file away. */
export async function ownerOf(home: string): Promise<Owner | null> {
  if (process.getuid?.() !== 0) return null;
  return stat(home).then(
    ({ uid, gid }) => ({ uid, gid }),
    () => null,
  );
}
