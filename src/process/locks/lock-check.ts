import { VisorError } from '../../errors.ts';
import { settlesWithin } from '../deadline.ts';
import { type Lock, takeLock } from '../lock.ts';
import type { Running } from '../start/spawn.ts';
import { hasOpen } from '../who/holders.ts';
import { find } from '../who/processes.ts';

/** A wrapper closes its descriptors within milliseconds of its start; on a busy machine later. Milliseconds between the looks. */
const LOOKS = [20, 80, 200, 700];

/** Until its exit is told, a process that leaves has closed its files already. */
const LEAVING = 50;

/**
 * Resolves when the child has kept its lock for a second, or has left. `false`: it lives and has let go of the lock: the next start would find it free.
 * @param lock of which our own copy is closed
 */
export async function keepsLock(child: Running, lock: Pick<Lock, 'path' | 'file'>): Promise<boolean> {
  for (const wait of LOOKS) {
    if (await settlesWithin(wait, child.exited)) return true;
    if (await isKept(child, lock)) continue;
    if (await settlesWithin(LEAVING, child.exited)) return true;
    if (find(child) !== null && !(await isKept(child, lock))) return false;
  }
  return true;
}

/** Where we may not look at its descriptors (it changed its user), the lock itself is asked. A question without an answer ends no client. */
async function isKept(child: Running, { path, file }: Pick<Lock, 'path' | 'file'>): Promise<boolean> {
  const open = hasOpen(child.pid, path, file);
  if (open !== null) return open;
  const free = await takeLock(path).catch(() => null);
  free?.release();
  return free === null;
}

export function lockLost(program: string): VisorError {
  return new VisorError(
    'config',
    `${program} closed the descriptor of its lock, so nothing would keep a second one from being started; it was ended`,
    'Let the release be the client itself: a wrapper such as sudo, su, or a script that closes descriptors must hand on descriptor 3.',
  );
}
