import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeAtomic } from './atomic-write.ts';

const record = z.strictObject({
  schema: z.literal(1),
  boot: z.string(),
  /** Milliseconds since that boot, sleep included. */
  machine: z.number().min(0),
  /** What our clock said then, milliseconds since the epoch. */
  time: z.number(),
});

/** One point at which our own clock and the machine's uptime were read together. */
export type ClockRecord = z.output<typeof record>;

/** `null`: there is none, or none that can be read. */
export async function loadClock(path: string): Promise<ClockRecord | null> {
  try {
    return record.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
}

/** Means nothing after the next boot, so it waits for no disk. @throws what the file system says */
export async function saveClock(path: string, point: ClockRecord): Promise<void> {
  await writeAtomic(path, `${JSON.stringify(record.parse(point))}\n`, { mode: 0o600, durable: false });
}
