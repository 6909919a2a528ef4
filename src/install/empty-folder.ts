import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from '../account.ts';
import { withWords } from './durable.ts';

/** Gives a program that is only tried an empty folder of its own, that of the user whom it runs as, and takes that away again with all that is then in it. */
export async function withEmptyFolder<T>(
  purpose: string,
  as: Account | null,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), `vaultvisor-${purpose}-`)).catch((thrown: unknown) => {
    throw withWords(`No folder can be made for the ${purpose}`, thrown);
  });
  try {
    if (as !== null) await chown(folder, as.uid, as.gid);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** What every program may count on, and nothing of ours or the operator's. */
export const bareEnvironment = (folder: string): Readonly<Record<string, string>> => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: folder,
  TMPDIR: folder,
  LANG: 'C.UTF-8',
});
