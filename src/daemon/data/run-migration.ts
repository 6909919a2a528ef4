import type { Deployment } from '../../core/deployment.ts';
import type { UpdateId } from '../../core/instance.ts';
import type { Migration } from '../../core/release.ts';
import { printable, VisorError } from '../../errors.ts';
import type { Exit } from '../../process/child.ts';
import { type RunRequest, runChild } from '../../process/run.ts';
import { withoutNetwork } from '../../process/start/without-network.ts';
import { accountFor, openWay } from '../instance/account.ts';
import type { Cell } from '../instance/cell.ts';
import { clearRequest, refusesOrphans, tellBlocked } from '../instance/guard.ts';
import type { Guard } from '../instance/identity.ts';
import { refuseStrangers, withoutStrangers } from '../instance/strangers.ts';
import { atOnce, isMigrationLeft, onRecordAs } from './left.ts';
import { dataOf } from './place.ts';

/** Of what a migration says in one file; older ones are kept beside it. */
const LOG_CAP = 4 * 2 ** 20;

/** One migration of the data. */
export interface OneMigration {
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

/**
 * Runs one as the client itself is run: with its locks and marks, so that it is found and ended should we die.
 * @throws VisorError `config` where it fails or takes too long; what says that it may not be begun; the signal's reason
 */
export async function runMigration(one: OneMigration, guard: Guard, cell: Cell, signal: AbortSignal): Promise<void> {
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

function failed({ migration }: OneMigration, how: string, exit: Exit): VisorError {
  const last = exit.lastLines.at(-1);
  const said = last === undefined ? 'it said nothing' : `its last line was “${printable(last).slice(0, 200)}”`;
  return new VisorError(
    'config',
    `the migration of the data ${migration.checksum.slice(0, 12)}… ${how}; ${said}`,
    'The data are put back and the former release goes on; what the migration said is in logs/migration.log of the client.',
  );
}
