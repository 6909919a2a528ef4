import { constants } from 'node:os';
import { resolve } from 'node:path';
import type { Millis } from '../../core/release.ts';
import { startDaemon } from '../../daemon/daemon.ts';
import type { Ending } from '../../daemon/services.ts';
import { sentenceOf, VisorError } from '../../errors.ts';
import { late, loadParts } from '../../late.ts';
import type { Log } from '../../log.ts';
import { attend, unattended } from '../../systemd/attend.ts';
import { takeManager } from '../../systemd/manager.ts';
import type { Context } from '../context.ts';
import { outliveBugs } from '../outlive-bugs.ts';
import { atFurtherStops, stopAsked } from '../stop-asked.ts';
import { ownVersion } from '../version.ts';
import { whoAsks } from '../who.ts';

const telling = late(() => import('../tell.ts'));

/** The clients come first; whoever upgrades a daemon sooner after its start than this may have to restart it. */
const LOAD_AFTER: Millis = 10_000;

interface Options {
  readonly strict: boolean;
  readonly skipGuard: boolean;
  /** Ends with the status of a client that is down and may not be started again. */
  readonly endsWithClient?: boolean;
}

/** Runs until it is told to stop. Signals count from the start: one that comes while it boots ends it once it is up. */
export async function run(
  _words: string[],
  { strict, skipGuard, endsWithClient = false }: Options,
  { file, openLog }: Context,
): Promise<number> {
  const log = await openLog('info');
  outliveBugs(log);
  // before anything is started that would inherit it
  const manager = takeManager(process.env, log);
  const bars = process.stderr.isTTY === true ? (await import('../download-bars.ts')).downloadBars() : undefined;
  let end = (_: number): void => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const starting = startDaemon({
    file: resolve(file),
    strict,
    skipGuard: skipGuard ? `${whoAsks()} (run --skip-guard)` : null,
    version: ownVersion(),
    log,
    tell: async (...asked) => (await telling()).createTell(resolve(file), log)(...asked),
    ...(endsWithClient && { down: (exit) => end(statusOf(exit)) }),
    ...(bars && { progress: bars.tell }),
  });
  const attending = starting.then((daemon) => (manager === null ? unattended : attend(manager, daemon, log)));
  // what keeps it from starting is told once, by who waits for the start
  attending.catch(() => {});
  const reload = async () => (await attending).reload((await starting).reload);
  process.on('SIGHUP', () => void reload().catch(() => {}));
  const daemon = await starting;
  void loadAll(log);
  const why = await Promise.race([stopAsked(), ended]);
  if (typeof why === 'number')
    log.info({ status: why }, 'the client may not be started again; vaultvisor ends as it did');
  else log.info({ signal: why }, 'stopping all clients, each with its own grace');
  atFurtherStops(() => tellWaits(daemon.waitsFor(), log));
  await (await attending).stop(daemon.stop);
  bars?.stop();
  log.info({}, 'all clients have left; vaultvisor ends');
  return typeof why === 'number' ? why : 0;
}

/** A newer version may be installed beneath a daemon that runs: it must have read its own by then. */
async function loadAll(log: Log): Promise<void> {
  try {
    await loadParts(LOAD_AFTER);
    log.debug({}, 'every part is loaded: a newer version may be installed');
  } catch (error) {
    log.error(
      { reason: sentenceOf(error), next: error instanceof VisorError ? error.next : undefined },
      'not every part of the program could be loaded; the clients are not touched',
    );
  }
}

/** As a shell has it. One that never had a process is a failure. */
const statusOf = ({ code, signal }: Ending): number => {
  const number = signal === null ? undefined : constants.signals[signal as NodeJS.Signals];
  return code ?? (number === undefined ? 1 : 128 + number);
};

function tellWaits(words: readonly string[], log: Log): void {
  for (const waitsFor of words) log.warn({ waitsFor }, 'still stopping');
  if (words.length === 0) log.warn({}, 'still stopping: every child has left, its locks are being given back');
}
