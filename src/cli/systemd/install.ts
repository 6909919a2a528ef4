import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemCode, VisorError } from '../../errors.ts';
import { writeAtomic } from '../../store/atomic-write.ts';
import { ourMark } from '../../systemd/unit/unit.ts';

/**
 * Writes a unit for everybody to read.
 * @returns its path
 * @throws VisorError `usage` where a unit lies there that we did not write; `permission` where we may not
 */
export async function installUnit(folder: string, name: string, text: string): Promise<string> {
  await requireOurs(folder, name);
  const path = unitPath(folder, name);
  try {
    await writeAtomic(path, text, { mode: 0o644 });
  } catch (error) {
    if (systemCode(error) !== 'EACCES' && systemCode(error) !== 'EROFS') throw error;
    throw new VisorError('permission', `${path} cannot be written`, 'Run it as root (sudo), or without --install.', {
      cause: error,
    });
  }
  return path;
}

export const unitPath = (folder: string, name: string): string => join(folder, `${name}.service`);

/** Whether a unit could be written there: there is a systemd, and we may. */
export const canInstall = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );

/** What lies there; `null`: nothing. */
export const textAt = (path: string): Promise<string | null> =>
  readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });

/** @throws VisorError `usage` where a unit lies there that we did not write */
export async function requireOurs(folder: string, name: string): Promise<void> {
  const path = unitPath(folder, name);
  const present = await textAt(path);
  if (present === null || present.includes(ourMark)) return;
  throw new VisorError(
    'usage',
    `${path} is there, and was not written by vaultvisor`,
    'Nothing was changed. Move it away, or choose another --name.',
  );
}
