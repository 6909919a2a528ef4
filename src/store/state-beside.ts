import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { makeFolder } from '../folders.ts';
import { writeAtomic } from './atomic-write.ts';
import { codeOf, diskError } from './files/file-errors.ts';

/**
 * Reads what is kept beside the state of an instance or a home, without its version; `null`: there is none.
 * @throws the system's or the parser's error where there is one that cannot be read
 */
export async function loadSideRecord<Kept>(
  path: string,
  record: z.ZodType<Kept & { schema: 1 }>,
): Promise<Omit<Kept & { schema: 1 }, 'schema'> | null> {
  try {
    const { schema: _, ...kept } = record.parse(JSON.parse(await readFile(path, 'utf8')));
    return kept;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Writes it as one act that outlives a power cut, as version 1.
 * @param what that could not be saved, for the error's sentence
 * @throws VisorError `io` or `permission`; the former record then still stands
 */
export async function saveSideRecord(path: string, kept: object, what: string): Promise<void> {
  try {
    await makeFolder(dirname(path), 0o700);
    await writeAtomic(path, `${JSON.stringify({ schema: 1, ...kept })}\n`, { mode: 0o600 });
  } catch (error) {
    throw diskError(error, `could not save ${what} (${path})`);
  }
}
