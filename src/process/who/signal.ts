import { codeOf } from '../system-error.ts';
import { find, type Named } from './processes.ts';

/** Sends a signal to the very process that was named. `false`: it has left; or we may not. */
export function sendTo(target: Named, signal: NodeJS.Signals): boolean {
  return find(target) !== null && send(target.pid, signal);
}

/** Sends a signal to the group that this process leads; only while the leader itself is there can its number not be another's. */
export function sendToGroupOf(leader: Named, signal: NodeJS.Signals): boolean {
  return find(leader)?.group === leader.pid && send(-leader.pid, signal);
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw thrown;
  }
}
