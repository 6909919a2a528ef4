import type { Exit } from './child.ts';
import { openRecord, type RecordedChild, readRecord } from './child-record.ts';
import { untilGone } from './ending/until-gone.ts';
import { bootId, machineTime } from './machine.ts';
import { saidBefore } from './output/said-before.ts';
import { readOutput } from './output.ts';
import type { RunRequest } from './run.ts';
import type { Running } from './start/spawn.ts';
import { supervise } from './supervise.ts';
import { findFamily } from './who/family.ts';
import { fileAt } from './who/file-id.ts';
import { hasOpen } from './who/holders.ts';
import { find, startedAt } from './who/processes.ts';
import { sendTo } from './who/signal.ts';

/** A child that a dead supervisor left, and that may be taken over as it is. */
export interface Orphan extends RecordedChild {
  /** What it was started as. */
  readonly deployment: string;
}

/**
 * The child on record, if it still runs, was not asked to leave, and has these very locks. Only looks: nothing is claimed, nothing is signalled.
 * @param record path of the record of the last spawn
 * @param locks those that the configuration names now; a child under others would not be guarded as it says
 */
export function findOrphan(record: string, locks: readonly string[]): Orphan | null {
  const last = readRecord(record);
  const child = last?.child;
  if (!last || !child?.deployment || child.boot !== bootId() || child.asked !== null) return null;
  const isGuarded = [...last.locks].sort().join('\0') === [...locks].sort().join('\0');
  const { deployment } = child;
  return isGuarded && find(child) !== null && locks.every((lock) => hasLock(child.pid, lock))
    ? { ...child, deployment }
    : null;
}

/**
 * Looks after an orphan as after a child of our own, from now to its end; the request is that by which it would be started. Aborting the signal
 * stops it as it stops a run. Only who has the identity's `owner` may call this.
 * @throws VisorError `config` if it let go of its lock (it was ended then)
 */
export async function adoptChild(orphan: Orphan, request: RunRequest, signal: AbortSignal): Promise<Exit> {
  const record = openRecord(request.record, request.save, request.log);
  const path = request.locks[0]!;
  const { helpers } = await findFamily(request.identity, record.now());
  for (const helper of helpers) sendTo(helper, 'SIGKILL');
  const running = runningOf(orphan, path, request.identity);
  const { logFile, logCap, texts, log } = request;
  const output = readOutput({ path: logFile, cap: logCap, texts, log, ...saidBefore(orphan, logFile) });
  try {
    const lock = { path, file: fileAt(path) ?? { dev: 0n, ino: 0n } };
    return await supervise({ request, record, running, output, lock, adopted: true }, signal);
  } finally {
    await output.close();
  }
}

function runningOf(orphan: Orphan, lock: string, identity: string): Running {
  const age = machineTime() - startedAt(orphan);
  let gone = false;
  const exited = untilGone(orphan, lock, identity).then(() => {
    gone = true;
    return { code: null, signal: null, at: performance.now() };
  });
  const { pid, start } = orphan;
  return { pid, start, startedAt: Date.now() - age, since: performance.now() - age, hasExited: () => gone, exited };
}

function hasLock(pid: number, path: string): boolean {
  const file = fileAt(path);
  return file !== null && hasOpen(pid, path, file) === true;
}
