import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { UpdateId } from '../core/instance.ts';
import type { Checksum } from '../core/release.ts';
import { systemCode, VisorError } from '../errors.ts';
import { makeFolder } from '../folders.ts';
import { writeDurably } from './durable.ts';

/** What was done to the data for one switch. Recorded before the first byte of them may change, so a death in between is known for what it was. */
export interface Move {
  readonly update: UpdateId;
  readonly dir: string;
  /** The folder of its backup. */
  readonly backup: string;
  readonly migrations: readonly Checksum[];
  /** `begun`: the data may be anything. `done`: they are migrated, and on the disk. `returning`: a person has them put back. `back`: they are what they were. */
  readonly stage: 'begun' | 'done' | 'returning' | 'back';
}

/** How many are remembered: an older one has no backup any more. */
const MOST = 64;

/** @throws VisorError `io` for a record that cannot be read: nothing is guessed of data */
export async function readMoves(path: string): Promise<readonly Move[]> {
  try {
    const record = JSON.parse(await readFile(path, 'utf8')) as { schema: 1; moves: readonly Move[] };
    if (record.schema === 1 && Array.isArray(record.moves)) return record.moves;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new VisorError(
    'io',
    `${path}, the record of what was done to the data, cannot be read`,
    'Compare data.dir with its backups (vaultvisor backups list); then remove the record, and restore by hand what is wrong.',
  );
}

export const moveOf = async (path: string, update: UpdateId): Promise<Move | null> =>
  (await readMoves(path)).find((move) => move.update === update) ?? null;

/** Remembers it as the newest, durably. */
export async function recordMove(path: string, move: Move): Promise<void> {
  const others = (await readMoves(path)).filter(({ update }) => update !== move.update);
  await makeFolder(dirname(path), 0o700);
  await writeDurably(path, `${JSON.stringify({ schema: 1, moves: [...others, move].slice(-MOST) })}\n`);
}
