import { type Lock, takeLock, waitForLock } from './lock.ts';
import { ownerPath } from './lock-names.ts';
import { describeHolder, leaveNote } from './locks/holder-note.ts';

/** Whether this daemon may manage a client. */
export type Claim =
  | { readonly owned: true; readonly lock: Lock }
  | {
      readonly owned: false;
      /** The daemon that manages it, in words. Its child is its own: nothing here may touch it. */
      readonly owner: string;
      /** Blocks until that daemon has let go; then the client is ours to manage. Rejects with the signal's reason. */
      wait(signal: AbortSignal): Promise<Lock>;
    };

/**
 * Claims a client for this daemon: held as long as the daemon manages it, and inherited by nobody. Only who has it may take the holders of the
 * client's lock for orphans.
 * @param identity the client's lockName
 */
export async function claimOwner(folder: string, identity: string, home: string): Promise<Claim> {
  const path = ownerPath(folder, identity);
  const lock = await takeLock(path, { identity });
  if (lock !== null) return { owned: true, lock: signed(lock, home) };
  const wait = async (signal: AbortSignal): Promise<Lock> => signed(await waitForLock(path, signal, identity), home);
  return { owned: false, owner: await describeHolder(path), wait };
}

function signed(lock: Lock, home: string): Lock {
  leaveNote(lock, home);
  return lock;
}
