import { dirname } from 'node:path';
import { VisorError } from '../errors.ts';
import { type Lock, takeLock } from './lock.ts';
import { requireExclusion } from './locks/exclusion.ts';
import { describeHolder, leaveNote } from './locks/holder-note.ts';

/**
 * One daemon per home: held as long as the daemon lives, and inherited by nobody.
 * @param path `<home>/supervisor.lock`; the home exists
 * @throws VisorError `busy` (exit 75) naming the daemon that has it; `config` where the home's file system keeps no locks
 */
export async function takeSupervisorLock(path: string): Promise<Lock> {
  const home = dirname(path);
  await requireExclusion(home);
  const lock = await takeLock(path);
  if (lock === null) throw busy(home, await describeHolder(path));
  leaveNote(lock, home);
  return lock;
}

function busy(home: string, holder: string): VisorError {
  return new VisorError(
    'busy',
    `another vaultvisor works in ${home}: ${holder}`,
    'Use that one (vaultvisor status), or end it before you start this one.',
  );
}
