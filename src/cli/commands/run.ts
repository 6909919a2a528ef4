import { resolve } from 'node:path';
import { startDaemon } from '../../daemon/daemon.ts';
import { sentenceOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { attend, unattended } from '../../systemd/attend.ts';
import { takeManager } from '../../systemd/manager.ts';
import type { Context } from '../context.ts';
import { atFurtherStops, stopAsked } from '../stop-asked.ts';
import { ownVersion } from '../version.ts';
import { whoAsks } from '../who.ts';

interface Options {
  readonly strict: boolean;
  readonly skipGuard: boolean;
}

/** Runs until it is told to stop. Signals count from the start: one that comes while it boots ends it once it is up. */
export async function run(
  _words: string[],
  { strict, skipGuard }: Options,
  { file, openLog }: Context,
): Promise<number> {
  const log = await openLog('info');
  outliveBugs(log);
  // before anything is started that would inherit it
  const manager = takeManager(process.env, log);
  const bars = process.stderr.isTTY === true ? (await import('../download-bars.ts')).downloadBars() : undefined;
  const starting = startDaemon({
    file: resolve(file),
    strict,
    skipGuard: skipGuard ? `${whoAsks()} (run --skip-guard)` : null,
    version: ownVersion(),
    log,
    ...(bars && { progress: bars.tell }),
  });
  const attending = starting.then((daemon) => (manager === null ? unattended : attend(manager, daemon, log)));
  const reload = async () => (await attending).reload((await starting).reload);
  process.on('SIGHUP', () => void reload().catch(() => {}));
  const daemon = await starting;
  const signal = await stopAsked();
  log.info({ signal }, 'stopping all clients, each with its own grace');
  atFurtherStops(() => tellWaits(daemon.waitsFor(), log));
  await (await attending).stop(daemon.stop);
  bars?.stop();
  log.info({}, 'all clients have left; vaultvisor ends');
  return 0;
}

/**
 * What nobody caught is a bug of ours, and no reason to let go of a client that moves money: the next daemon would end it as an
 * orphan. Every instance, connection and task stands for itself, so the others go on.
 */
function outliveBugs(log: Log): void {
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => {
    log.error(
      { reason: sentenceOf(error), stack: error instanceof Error ? error.stack : undefined },
      'nobody caught this: please report it; the clients are not touched',
    );
  });
}

function tellWaits(words: readonly string[], log: Log): void {
  for (const waitsFor of words) log.warn({ waitsFor }, 'still stopping');
  if (words.length === 0) log.warn({}, 'still stopping: every child has left, its locks are being given back');
}
