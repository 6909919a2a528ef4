import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../folders.ts';
import { writeAtomic } from './atomic-write.ts';
import { diskError } from './files/file-errors.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const common = {
  schema: z.literal(1),
  /** A hash that names it. */
  machine: sha256,
  account: z.string().regex(/^0x[0-9a-f]{64}$/),
  at: z.iso.datetime(),
};

const record = z.discriminatedUnion('verdict', [
  /** The account was quiet, or a child of ours ran here already. */
  z.strictObject({ ...common, verdict: z.literal('passed') }),
  z.strictObject({ ...common, verdict: z.literal('skipped'), by: z.string() }),
  z.strictObject({ ...common, verdict: z.literal('refused'), reason: z.string() }),
]);

/** What the guard found on a machine about an account, once and for all. */
export type GuardRecord = z.output<typeof record>;

/** `null`: there is none, or none that can be read, which costs no more than another watch. */
export async function loadGuard(path: string): Promise<GuardRecord | null> {
  try {
    return record.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

/** @throws VisorError `io` or `permission`; the former record then still stands */
export async function saveGuard(path: string, found: GuardRecord): Promise<void> {
  try {
    await makeFolder(dirname(path), 0o700);
    await writeAtomic(path, `${JSON.stringify(record.parse(found))}\n`, { mode: 0o600 });
  } catch (error) {
    throw diskError(error, `could not save what the guard found (${path})`);
  }
}
