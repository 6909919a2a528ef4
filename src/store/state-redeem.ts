import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeAtomic } from './atomic-write.ts';
import { diskError } from './files/file-errors.ts';

const record = z.strictObject({ schema: z.literal(1), hours: z.number().min(0), at: z.iso.datetime() });

/** How many hours were left until the client's first payment was due, and when (by our own clock). */
export interface Known {
  readonly hours: number;
  readonly at: number;
}

/** `null`: nothing was ever read, or the record cannot be read; the next reading makes another. */
export async function loadKnown(path: string): Promise<Known | null> {
  try {
    const { hours, at } = record.parse(JSON.parse(await readFile(path, 'utf8')));
    return { hours, at: Date.parse(at) };
  } catch {
    return null;
  }
}

/** @throws VisorError `io` or `permission`; the former record then still stands */
export async function saveKnown(path: string, { hours, at }: Known): Promise<void> {
  try {
    await writeAtomic(path, `${JSON.stringify({ schema: 1, hours, at: new Date(at).toISOString() })}\n`);
  } catch (error) {
    throw diskError(error, `could not save the hours to redeem (${path})`);
  }
}
