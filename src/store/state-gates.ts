import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../folders.ts';
import { writeAtomic } from './atomic-write.ts';
import { codeOf, diskError } from './files/file-errors.ts';

const time = z.number().int();
const deployment = z.string().regex(/^[0-9a-f]{64}$/);

const record = z.strictObject({
  schema: z.literal(1),
  heard: z.array(z.strictObject({ checksum: z.string().regex(/^0x[0-9a-f]{64}$/), at: time })).readonly(),
  waiting: z.strictObject({ of: deployment, since: z.record(z.string(), time).readonly() }).nullable(),
  slots: z.array(z.strictObject({ url: z.string(), group: z.string(), id: z.string() })).readonly(),
  drained: z.strictObject({ of: deployment, after: z.array(z.string()).readonly().nullable() }).nullable(),
});

/** What the gates of an instance keep over a restart (docs/state.md). */
export type GatesRecord = Omit<z.output<typeof record>, 'schema'>;

/**
 * `null`: there is none.
 * @throws the system's or the parser's error where there is one that cannot be read: a slot that we hold may be in it
 */
export async function loadGates(path: string): Promise<GatesRecord | null> {
  try {
    const { schema: _, ...kept } = record.parse(JSON.parse(await readFile(path, 'utf8')));
    return kept;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** @throws VisorError `io` or `permission`; the former record then still stands */
export async function saveGates(path: string, kept: GatesRecord): Promise<void> {
  try {
    await makeFolder(dirname(path), 0o700);
    await writeAtomic(path, `${JSON.stringify({ schema: 1, ...kept })}\n`, { mode: 0o600 });
  } catch (error) {
    throw diskError(error, `could not save what the gates must know (${path})`);
  }
}
