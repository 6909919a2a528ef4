import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Deployment } from '../../core/deployment.ts';
import type { UpdateId } from '../../core/instance.ts';
import type { Migration } from '../../core/release.ts';
import { backUp } from '../../data/back-up.ts';
import { syncTree } from '../../data/durable.ts';
import { readMarker } from '../../data/marker.ts';
import { type Move, moveOf, recordMove } from '../../data/moves.ts';
import { placeProgram } from '../../data/program.ts';
import { putBack } from '../../data/put-back.ts';
import { VisorError } from '../../errors.ts';
import { hashFile } from '../../store/files/hash-file.ts';
import type { Cell } from '../instance/cell.ts';
import type { Guard } from '../instance/identity.ts';
import { progressLines, tellProgress } from '../tasks/progress.ts';
import { dataOf, placeOf } from './place.ts';
import { missing } from './restore.ts';
import { runMigration } from './run-migration.ts';

export interface Migrating {
  readonly update: UpdateId;
  readonly from: Deployment | null;
  readonly of: Deployment;
  readonly migrations: readonly Migration[];
  /** The paths of their bytes in the store, in the same order. */
  readonly blobs: readonly string[];
}

/**
 * Backs the data up and migrates them, with every lock of the identity in hand while they are copied, and in the migration's while it runs. Wherever
 * an earlier supervisor died: a backup that is complete is taken as it is, data that a migration had begun with are put back first, and those that it had
 * ended with are left alone.
 * @throws VisorError saying why the data could not be backed up or migrated; the signal's reason
 */
export async function migrateData(migrating: Migrating, guard: Guard, cell: Cell, signal: AbortSignal): Promise<void> {
  const { update, migrations } = migrating;
  const earlier = await moveOf(cell.folder.moves, update);
  if (earlier?.stage === 'done') return;
  const move = earlier ?? (await newMove(migrating, cell));
  for (const [index, migration] of migrations.entries()) {
    const program = await placed(migration, migrating.blobs[index] ?? '', cell, signal);
    const env = environment(migrating, index, move.dir);
    const first = {
      ready: () => readied(migrating, move, cell, signal),
      begin: () => recordMove(cell.folder.moves, move),
    };
    const before = index === 0 ? first : { ready: async () => {}, begin: async () => {} };
    await runMigration(
      { migration, program, env, dir: move.dir, update, of: migrating.of, ...before },
      guard,
      cell,
      signal,
    );
  }
  await syncTree(move.dir, signal);
  await recordMove(cell.folder.moves, { ...move, stage: 'done' });
  await rm(cell.folder.migration, { recursive: true, force: true });
}

async function newMove({ update, migrations }: Migrating, cell: Cell): Promise<Move> {
  const dir = await placeOf(cell);
  const backup = join(dataOf(cell).backups, update);
  return { update, dir, backup, migrations: migrations.map(({ checksum }) => checksum), stage: 'begun' };
}

async function placed(migration: Migration, blob: string, cell: Cell, signal: AbortSignal): Promise<string> {
  const path = await placeProgram(blob, cell.folder.migration);
  if ((await hashFile(path, signal)) === migration.checksum) return path;
  await cell.services.blobs.discard(migration.checksum);
  throw new VisorError(
    'io',
    `the bytes of the migration ${migration.checksum} are damaged`,
    'They are downloaded again; look at the disk (dmesg).',
  );
}

/** Nothing has touched the data when this resolves, and they are backed up: what an earlier attempt began is undone. */
async function readied(
  migrating: Migrating,
  { dir, backup: folder }: Move,
  cell: Cell,
  signal: AbortSignal,
): Promise<void> {
  const { update, from, of } = migrating;
  const isBegun = (await moveOf(cell.folder.moves, update)) !== null;
  if (isBegun && (await readMarker(folder)) === null) throw missing(folder);
  const lines = progressLines(cell, 'backing up the data');
  const since = performance.now();
  const backup = await backUp(
    {
      update,
      dir,
      folder,
      from: from === null ? 'nothing' : nameOf(from),
      to: nameOf(of),
      now: cell.services.clock.now(),
      progress: (received, total) => lines({ received, total }),
    },
    signal,
  );
  tellProgress(cell, null);
  const { bytes, isShared } = backup.marker;
  const took = Math.round(performance.now() - since);
  cell.log.info({ update, folder, bytes, isShared, took }, 'the data are backed up');
  if (!isBegun) return;
  cell.log.warn({ update }, 'a migration of the data was cut short: they are put back, and it begins anew');
  await putBack(backup, () => {}, signal);
}

/** The version that it leads from and to, or the release's checksum where that has none. */
function environment(
  { from, of, migrations }: Migrating,
  index: number,
  dir: string,
): Readonly<Record<string, string>> {
  const before = migrations[index - 1]?.to ?? (from === null ? '' : nameOf(from));
  return {
    VAULTVISOR_FROM: before,
    VAULTVISOR_TO: migrations[index]?.to ?? nameOf(of),
    VAULTVISOR_DATA_DIR: dir,
  };
}

const nameOf = ({ release: { version, checksum } }: Deployment): string => version ?? checksum;
