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
import { printable, VisorError } from '../../errors.ts';
import type { Exit } from '../../process/child.ts';
import { type RunRequest, runChild } from '../../process/run.ts';
import { withoutNetwork } from '../../process/start/without-network.ts';
import { hashFile } from '../../store/files/hash-file.ts';
import { accountFor, openWay } from '../instance/account.ts';
import type { Cell } from '../instance/cell.ts';
import { clearRequest, refusesOrphans, tellBlocked } from '../instance/guard.ts';
import type { Guard } from '../instance/identity.ts';
import { refuseStrangers, withoutStrangers } from '../instance/strangers.ts';
import { progressLines, tellProgress } from '../tasks/progress.ts';
import { atOnce, isMigrationLeft, onRecordAs } from './left.ts';
import { dataOf, placeOf } from './place.ts';
import { missing } from './restore.ts';

/** Of what a migration says in one file; older ones are kept beside it. */
const LOG_CAP = 4 * 2 ** 20;

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
    await runOne({ migration, program, env, dir: move.dir, update, of: migrating.of, ...before }, guard, cell, signal);
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

interface One {
  readonly migration: Migration;
  readonly program: string;
  readonly env: Readonly<Record<string, string>>;
  readonly dir: string;
  readonly update: UpdateId;
  /** It runs as the client that it is for. */
  readonly of: Deployment;
  /** Before it: everything that takes its time, then what says that the data may be anything from here on. */
  ready(): Promise<void>;
  begin(): Promise<void>;
}

/** Runs one as the client itself is run: with its locks and marks, so that it is found and ended should we die. */
async function runOne(one: One, guard: Guard, cell: Cell, signal: AbortSignal): Promise<void> {
  const { deadline } = dataOf(cell);
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isClear = false;
  const as = await accountFor(one.of, null, cell);
  if (as !== null) await openWay(one.program, cell);
  const request: RunRequest = {
    ...clearRequest(guard, cell),
    ...(await sandboxed(one.program, cell)),
    as,
    // what is in the way may be the former client, which has its grace
    get stop() {
      return isClear || isMigrationLeft(cell) ? atOnce : cell.config().stop;
    },
    get refuses() {
      return refusesOrphans(cell);
    },
    deployment: onRecordAs(one.update),
    env: one.env,
    cwd: one.dir,
    home: cell.services.home.root,
    logFile: cell.folder.migrationLog,
    logCap: LOG_CAP,
    texts: [],
    async beforeSpawn() {
      cell.isClear.set(true);
      await refuseStrangers(guard, cell);
      await cell.services.homeLock.held(signal, (words) => tellBlocked(words, cell));
      await one.ready();
      await refuseStrangers(guard, cell);
      await one.begin();
      isClear = true;
    },
    started() {
      cell.log.info({ migration: one.migration.checksum, update: one.update }, 'the data are being migrated');
      timer = setTimeout(() => late.abort(), deadline);
    },
  };
  const exit = await withoutStrangers(guard, cell, signal, () =>
    runChild(request, AbortSignal.any([signal, late.signal])),
  ).finally(() => clearTimeout(timer));
  signal.throwIfAborted();
  if (late.signal.aborted) throw failed(one, `did not end within ${deadline / 1_000} s (data.deadline)`, exit);
  if (exit.code !== 0) throw failed(one, exit.cause, exit);
}

type Words = Pick<RunRequest, 'program' | 'args' | 'around'>;

async function sandboxed(program: string, cell: Cell): Promise<Words> {
  const words = await withoutNetwork({ program, args: [] });
  if (words !== null) return words;
  cell.log.warn(
    {},
    'this machine gives a migration no network namespace of its own (unshare): it could reach the network',
  );
  return { program, args: [] };
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

function failed({ migration }: One, how: string, exit: Exit): VisorError {
  const last = exit.lastLines.at(-1);
  const said = last === undefined ? 'it said nothing' : `its last line was “${printable(last).slice(0, 200)}”`;
  return new VisorError(
    'config',
    `the migration of the data ${migration.checksum.slice(0, 12)}… ${how}; ${said}`,
    'The data are put back and the former release goes on; what the migration said is in logs/migration.log of the client.',
  );
}

const nameOf = ({ release: { version, checksum } }: Deployment): string => version ?? checksum;
