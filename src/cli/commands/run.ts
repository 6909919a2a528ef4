import { resolve } from 'node:path';
import { startDaemon } from '../../daemon/daemon.ts';
import { createLog, type Log } from '../../log.ts';
import type { Context } from '../context.ts';
import { ownVersion } from '../version.ts';

interface Options {
  readonly strict: boolean;
  readonly logLevel: string;
}

/** Runs until it is told to stop. Signals count from the start: one that comes while it boots ends it once it is up. */
export async function run(_words: string[], { strict, logLevel }: Options, { file }: Context): Promise<number> {
  const log = await createLog({ level: logLevel, pretty: process.stderr.isTTY === true });
  const asked = stopAsked();
  const starting = startDaemon({ file: resolve(file), strict, version: ownVersion(), log });
  process.on('SIGHUP', () => void starting.then((daemon) => daemon.reload()).catch(() => {}));
  const daemon = await starting;
  const signal = await asked.first;
  log.info({ signal }, 'stopping all clients, each with its own grace');
  asked.again(() => tellWaits(daemon.waitsFor(), log));
  await daemon.stop();
  log.info({}, 'all clients have left; vaultvisor ends');
  return 0;
}

interface StopAsked {
  readonly first: Promise<NodeJS.Signals>;
  /** From now on, each further signal. */
  again(act: () => void): void;
}

function stopAsked(): StopAsked {
  let answer: (signal: NodeJS.Signals) => void;
  const first = new Promise<NodeJS.Signals>((resolveFirst) => {
    answer = resolveFirst;
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => answer(signal));
  return {
    first,
    again(act) {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, act);
    },
  };
}

function tellWaits(words: readonly string[], log: Log): void {
  for (const waitsFor of words) log.warn({ waitsFor }, 'still stopping');
  if (words.length === 0) log.warn({}, 'still stopping: every child has left, its locks are being given back');
}
