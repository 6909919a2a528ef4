import { readFileSync } from 'node:fs';
import { VisorError } from '../../errors.ts';
import { settlesWithin } from '../../within.ts';
import { type Lock, takeLock } from '../lock.ts';
import type { Running } from '../start/spawn.ts';
import { hasOpen } from '../who/holders.ts';
import { wordsFor } from '../who/process-details.ts';
import { find, type Process, processAt, processes } from '../who/processes.ts';

/** A wrapper closes its descriptors within milliseconds of its start; on a busy machine later. Milliseconds between the looks. */
const LOOKS = [20, 80, 200, 500];

/** Until its exit is told, a process that leaves has closed its files already. */
const LEAVING = 50;

/** A shell that runs one command after the other waits for none at times: so often, this far apart, it must wait for the same one. */
const WAITING = { times: 6, every: 30 };

type Locked = Pick<Lock, 'path' | 'file'>;

/**
 * Resolves when the child has kept its lock for a second, or has left (`null`); or with who lives without it: the next start would find the lock free.
 * Where the child only waits for what it started, as a wrapper does, that is the client and is asked too.
 * @param lock of which our own copy is closed
 * @param isBelow whether the child is a parent that we put over the client (tini)
 */
export async function withoutLock(child: Running, lock: Locked, isBelow: boolean): Promise<Process | null> {
  for (const [index, wait] of LOOKS.entries()) {
    if (await settlesWithin(wait, child.exited)) return null;
    const main = processAt(child.pid);
    if (main !== null && !(await isKept(main, lock))) {
      if (await settlesWithin(LEAVING, child.exited)) return null;
      if (find(main) !== null && !(await isKept(main, lock))) return main;
    }
    const started = index < 2 ? null : await startedWithout(child, lock, isBelow);
    if (started !== null) return started;
  }
  return null;
}

/** Where the child only waits, one of those that it started must have the lock: its helpers need not. */
async function startedWithout(child: Running, lock: Locked, isBelow: boolean): Promise<Process | null> {
  const suspect = waitedFor(child.pid, lock, isBelow);
  for (let more = WAITING.times; suspect !== null && more > 0; more--) {
    if (await settlesWithin(WAITING.every, child.exited)) return null;
    if (waitedFor(child.pid, lock, isBelow)?.pid !== suspect.pid) return null;
  }
  return suspect;
}

function waitedFor(pid: number, lock: Locked, isBelow: boolean): Process | null {
  if (!isBelow && !isWaiting(pid)) return null;
  const started = processes().filter(({ parent }) => parent === pid);
  const keepers = started.filter((one) => hasOpen(one.pid, lock.path, lock.file) === true);
  const [first = null] = keepers.length === 0 ? started : keepers.map((one) => waitedFor(one.pid, lock, false));
  return first;
}

/** They wait for signals and their terminal too, and keep the lock that they close for whom they start. */
const WRAPPERS = new Set(['sudo', 'su', 'runuser', 'doas']);

/** Whether it only sleeps until a process ends that it started (proc_pid_wchan(5)); where the kernel does not tell, it does not. */
function isWaiting(pid: number): boolean {
  if (WRAPPERS.has(processAt(pid)?.comm ?? '')) return true;
  try {
    return readFileSync(`/proc/${pid}/wchan`, 'utf8') === 'do_wait';
  } catch {
    return false;
  }
}

/** Where we may not look at its descriptors (it changed its user), the lock itself is asked. A question without an answer ends no client. */
async function isKept({ pid }: Process, { path, file }: Locked): Promise<boolean> {
  const open = hasOpen(pid, path, file);
  if (open !== null) return open;
  const free = await takeLock(path).catch(() => null);
  free?.release();
  return free === null;
}

/** The child was ended since it let go of its lock: no further start of the same mends that. */
export class LockLost extends VisorError {}

export async function lockLost(program: string, by: Process): Promise<LockLost> {
  return new LockLost(
    'config',
    `${program} was ended: ${await wordsFor(by)} closed the descriptor of its lock (3), so nothing would keep a second client from being started beside it`,
    'Let the release be the client itself, or a wrapper that hands descriptor 3 on: `exec` the client; in Python subprocess.run(…, pass_fds=(3,)) or close_fds=False; ' +
      'instead of sudo or su run vaultvisor as that user (or sudo -C 4, where sudoers allows closefrom_override). Then `vaultvisor start`.',
  );
}
