import { type Account, environmentOf } from '../account.ts';
import type { Millis } from '../core/release.ts';
import { type Child, type Exit, notStarted } from './child.ts';
import { type ChildRecord, openRecord, type RecordKeeper } from './child-record.ts';
import { type ClearRequest, clearPaths, inOrder, locksToProve } from './clear.ts';
import type { Lock } from './lock.ts';
import { releaseAll } from './locks/take-all.ts';
import { openOutput } from './output.ts';
import { cleanEnvironment } from './start/environment.ts';
import { giveFolder } from './start/give-folder.ts';
import { spawn } from './start/spawn.ts';
import { belowTini } from './start/tini.ts';
import { prepareDirectory } from './start/working-directory.ts';
import { supervise } from './supervise.ts';

export interface RunRequest extends ClearRequest {
  /** What it is started as, for whoever finds it when we are gone. */
  readonly deployment?: string;
  /** Absolute path of the client's program. */
  readonly program: string;
  readonly args: readonly string[];
  /** Whom it is run as; absent or `null`: as we are. */
  readonly as?: Account | null;
  /** Folders below `home` that are to be that user's, beside its working directory. */
  readonly folders?: readonly string[];
  /** What is executed before its user is changed, as its words: it needs our rights. */
  readonly around?: readonly string[];
  /** Absolute path of tini, where the client is to run below it: it asks the client to leave when we die. */
  readonly tini?: string | undefined;
  /** What is set for the client; the rest of its environment is ours, cleaned (environment.ts). */
  readonly env: Readonly<Record<string, string>>;
  /** Working directory; made if it is missing and lies below `home`. */
  readonly cwd: string;
  readonly home: string;
  /** Takes the client's output; turned over when it has `logCap` bytes (output.ts). */
  readonly logFile: string;
  readonly logCap: number;
  /** What to look for in the lines of this start. */
  readonly texts: readonly string[];
  /** Told of what it writes, as it is read (output.ts). */
  passOn?(bytes: Buffer): void;
  /**
   * How long the proof that the child has left is kept for the next run of this client: a switch is faster by two helpers. Absent: the lock is
   * free at once.
   */
  readonly handOn?: Millis | undefined;
  /** Called when every lock is ours and nothing but the spawn is left to do; what it throws is passed on, and nothing is started. */
  beforeSpawn(): Promise<void>;
  /** Called when the process is there. */
  started(child: Child): void;
}

/**
 * One life of the one child: clears the way, starts it, and ends when the process is gone *and* its lock is free. Aborting the signal
 * is how it is stopped: asked, given its grace, killed with all that it left behind; the promise then still ends in its Exit.
 * What keeps it from being started ends in an Exit too (`could not be started: …`).
 * @throws VisorError `config` where locks cannot be had, or the child let go of its own (it was ended then); and what `beforeSpawn` throws
 */
export async function runChild(request: RunRequest, signal: AbortSignal): Promise<Exit> {
  const record = openRecord(request.record, request.save, request.log);
  const locks = await clearUnlessStopped(request, record, signal);
  if (locks === null) return notStarted('was stopped before it was started', true);
  try {
    await request.beforeSpawn();
    if (signal.aborted) return notStarted('was stopped before it was started', true);
    return await start(request, record, locks, signal);
  } finally {
    releaseAll(locks);
  }
}

async function clearUnlessStopped(
  request: RunRequest,
  record: RecordKeeper,
  signal: AbortSignal,
): Promise<readonly Lock[] | null> {
  try {
    return inOrder(request.locks, await clearPaths(request, locksToProve(request, record), record, signal));
  } catch (thrown) {
    if (signal.aborted) return null;
    throw thrown;
  }
}

async function start(
  request: RunRequest,
  record: RecordKeeper,
  locks: readonly Lock[],
  signal: AbortSignal,
): Promise<Exit> {
  const obstacle = await prepare(request);
  if (obstacle !== null) return notStarted(`could not be started: ${obstacle}`, false);
  await keepIntent(request, record);
  const output = openOutput({
    path: request.logFile,
    cap: request.logCap,
    texts: request.texts,
    log: request.log,
    ...(request.passOn && { passOn: request.passOn }),
  });
  try {
    const { as = null, env: own, identity } = request;
    const env = cleanEnvironment({ ...process.env, ...(as && environmentOf(as)) }, own, identity);
    const [program = '', ...args] = wordsOf(request);
    const running = await spawn({
      program,
      args,
      env,
      cwd: request.cwd,
      output: output.fd,
      locks,
    });
    if (typeof running === 'string') return notStarted(running, false);
    output.handedOver();
    releaseAll(locks); // the child has them now; a copy of ours would keep them when it is gone
    return await supervise({ request, record, running, output, lock: locks[0]! }, signal);
  } finally {
    await output.close();
  }
}

/** Everything that is executed, from the outside in. */
function wordsOf({ around = [], as, tini, program, args, stop }: RunRequest): readonly string[] {
  const words = tini === undefined ? [program, ...args] : [tini, ...belowTini(stop.signal, program, args)];
  return [...around, ...(as?.words ?? []), ...words];
}

/** @returns why its folders cannot be used, in words */
async function prepare({ cwd, home, as = null, folders = [] }: RunRequest): Promise<string | null> {
  const obstacle = prepareDirectory(cwd, home);
  if (obstacle !== null) return obstacle;
  for (const folder of [cwd, ...folders]) {
    const refused = await giveFolder(folder, home, as);
    if (refused !== null) return refused;
  }
  return null;
}

/** Before the spawn the record must name the locks of the child; its pid can only follow. Written only if the last one was given others. */
async function keepIntent({ identity, locks, stop }: RunRequest, record: RecordKeeper): Promise<void> {
  const last = record.now();
  const { signal, grace } = stop;
  const intent: ChildRecord = { schema: 1, identity, locks, stop: { signal, grace }, child: last?.child ?? null };
  if (JSON.stringify(intent) !== JSON.stringify(last)) await record.keep(intent);
}
