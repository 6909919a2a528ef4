import { constants } from 'node:fs';
import { chown, copyFile, realpath, stat } from 'node:fs/promises';
import { VisorError } from '../../errors.ts';
import { writeAtomic } from '../../store/atomic-write.ts';
import { diskError } from '../../store/files/file-errors.ts';

/**
 * Replaces a file of the operator, with its mode and its owner, and keeps the former one beside it; answers where. A link stays one.
 * @throws VisorError where the file is no longer what it was read as, or the disk does not do it
 */
export async function replace(path: string, text: string, now: Date): Promise<string> {
  try {
    const target = await realpath(path);
    const { mode, uid, gid } = await stat(target);
    const former = `${target}.former-${now.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
    await copyFile(target, former, constants.COPYFILE_EXCL);
    if (process.getuid?.() === 0) await chown(former, uid, gid);
    await writeAtomic(target, text, { mode: mode & 0o7777, ...(process.getuid?.() === 0 && { owner: { uid, gid } }) });
    return former;
  } catch (error) {
    if (error instanceof VisorError) throw error;
    throw diskError(error, `could not replace ${path}`);
  }
}
