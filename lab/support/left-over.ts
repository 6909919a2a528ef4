import { processes } from '../../src/process/who/processes.ts';
import { textAt } from './journal.ts';

/** The processes whose command line names this scratch folder: an experiment's own daemons, helpers and clients, never ourselves. */
export function processesOf(folder: string): readonly number[] {
  return processes()
    .filter(({ pid }) => pid !== process.pid && textAt(`/proc/${pid}/cmdline`).includes(folder))
    .map(({ pid }) => pid);
}

/** Ends whatever an experiment left behind. */
export function endAllOf(folder: string): void {
  for (const pid of processesOf(folder)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has left meanwhile
    }
  }
}
