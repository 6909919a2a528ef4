import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { sentenceOf } from '../../errors.ts';

/**
 * Why a file cannot be read; `null`: it can.
 * @param user who is to read it; `null`: whoever asks
 */
export async function obstacle(path: string, user: number | null): Promise<string | null> {
  try {
    await access(path, constants.R_OK);
    const { uid, mode } = await stat(path);
    const isOthers = user !== null && user !== 0 && uid !== user && (mode & 0o044) === 0;
    return isOthers ? `it is of uid ${uid}, and it runs as uid ${user}` : null;
  } catch (error) {
    return sentenceOf(error);
  }
}
