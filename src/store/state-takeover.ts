import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { VisorError } from '../errors.ts';
import { writeAtomic } from './atomic-write.ts';
import { diskError } from './files/file-errors.ts';

const record = z.strictObject({
  schema: z.literal(1),
  unit: z.string(),
  /** Whether it was started at boot: what an undo must bring back. */
  enabled: z.boolean(),
  /** What ran of it when the takeover began: a pid names a process only together with its start and the boot. */
  boot: z.string(),
  processes: z.array(z.strictObject({ pid: z.number(), start: z.number() })),
  begunAt: z.iso.datetime(),
  done: z.boolean(),
});

/** How far a client was taken over from its unit. Each step can be seen on the machine itself; this remembers what cannot be seen any more after it. */
export type TakeoverRecord = z.output<typeof record>;

/** `null`: none was ever begun. @throws VisorError `config` for one that is damaged or of a newer version */
export async function loadTakeover(path: string): Promise<TakeoverRecord | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return record.parse(JSON.parse(text));
  } catch (cause) {
    throw new VisorError(
      'config',
      `${path} is damaged or of a newer version`,
      'It only remembers a takeover that was begun: look at the unit yourself, then remove the file.',
      { cause },
    );
  }
}

/** It belongs to whom its folder belongs to, whoever says `takeover`. @throws VisorError `io` or `permission` */
export async function saveTakeover(path: string, now: TakeoverRecord): Promise<void> {
  try {
    const { uid, gid } = await stat(dirname(path));
    const owner = process.getuid?.() === 0 ? { owner: { uid, gid } } : {};
    await writeAtomic(path, `${JSON.stringify(record.parse(now))}\n`, { mode: 0o600, ...owner });
  } catch (error) {
    throw diskError(error, `could not save how far the takeover is (${path})`);
  }
}
