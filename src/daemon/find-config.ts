import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, open, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type AcceptedRecord, readAccepted } from '../config/accepted-record.ts';
import { homeOf } from '../config/load.ts';
import { VisorError } from '../errors.ts';
import { makeFolders } from '../folders.ts';
import { homeAt } from '../layout.ts';
import { removeLeftovers, writeAtomic } from '../store/atomic-write.ts';

/** Where a home is that nobody names. */
export const USUAL_HOME = '/var/lib/vaultvisor';

/** What is known of an args file that may be missing, empty or invalid. */
export interface Found {
  /** `null`: there is no such file. */
  readonly text: string | null;
  readonly home: string | null;
  readonly accepted: AcceptedRecord | null;
  /** The record is there and cannot be read. */
  readonly damaged: unknown;
}

/**
 * Reads an args file as far as it goes. Where it does not say its home, the one that it had when it was accepted last is
 * used: a file that an editor has just emptied must not make the daemon forget what it watches over.
 * @throws what the file system said of a file that is there and cannot be read
 */
export async function findConfig(file: string): Promise<Found> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  });
  const said = text === null ? null : homeOf(text);
  if (said !== null) return { text, home: said, ...(await read(said)) };
  const former = await findAccepted(file);
  return { text, home: null, accepted: null, ...former, damaged: null };
}

/** What was accepted of this file last, and in which home: without a look at the file. `null`: nobody knows. */
export async function findAccepted(
  file: string,
): Promise<{ readonly home: string; readonly accepted: AcceptedRecord } | null> {
  for (const home of [await rememberedHome(file), USUAL_HOME]) {
    const { accepted } = home === null ? { accepted: null } : await read(home);
    if (home !== null && accepted !== null && resolve(accepted.file) === resolve(file)) return { home, accepted };
  }
  return null;
}

async function read(home: string): Promise<Pick<Found, 'accepted' | 'damaged'>> {
  try {
    return { accepted: await readAccepted(homeAt(home).accepted), damaged: null };
  } catch (damaged) {
    return { accepted: null, damaged };
  }
}

/** Keeps which home a file named, for the time when it cannot be read. Advice: that it fails harms nothing now. */
export async function rememberHome(file: string, home: string): Promise<void> {
  const path = notePath(file);
  await openToAll(dirname(path)).catch(() => {});
  // in a folder that others write to as well: beside our own note only
  await removeLeftovers(dirname(path), basename(path)).catch(() => {});
  if ((await rememberedHome(file).catch(() => null)) === home) return;
  await writeAtomic(path, `${home}\n`, { mode: 0o600 }).catch(() => {});
}

/** As the locks' own folder is made: mkdir's mode is cut by the umask. */
async function openToAll(folder: string): Promise<void> {
  const made = await makeFolders(folder, 0o777);
  if (made !== null) await chmod(folder, 0o1777);
}

/** The folder is open to every user: only a note of our own is believed. */
async function rememberedHome(file: string): Promise<string | null> {
  const handle = await open(notePath(file), constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
  if (handle === null) return null;
  try {
    const { uid, mode } = await handle.stat();
    const isOurs = uid === process.getuid?.() && (mode & 0o022) === 0;
    return isOurs ? (await handle.readFile('utf8')).trim() || null : null;
  } finally {
    await handle.close();
  }
}

function notePath(file: string): string {
  const folder = process.env['VAULTVISOR_LOCKS'] || '/run/lock/vaultvisor';
  return join(folder, `${hash('sha256', resolve(file), 'hex').slice(0, 32)}.home`);
}

/** Who has none yet is told how one is made. */
export const missingArgsFile = (file: string): VisorError =>
  new VisorError(
    'config',
    `${file} is not there`,
    'Name the args file with --config FILE, or in VAULTVISOR_CONFIG. "vaultvisor init" writes a first one; "vaultvisor import" writes one of a client that runs already.',
  );
