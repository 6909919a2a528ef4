import type { Deployment } from '../../core/deployment.ts';
import type { TaskEvent } from '../../core/events.ts';
import { told } from '../../core/notices/notice.ts';
import { printable, sentenceOf, VisorError } from '../../errors.ts';
import type { Exit } from '../../process/child.ts';
import { LockLost } from '../../process/locks/lock-check.ts';
import type { Cell } from '../instance/cell.ts';

type Exited = Extract<TaskEvent, { readonly type: 'exited' }>;

/** What the end of a child means: whether it may be started again, and why it ended, in words. */
export function exited(of: Deployment, exit: Exit, cell: Cell): Exited {
  cell.lastEnding.set({ code: exit.code, signal: exit.signal });
  const { exitCodes, lines } = cell.config().noRestart;
  const line = lines.find((text) => exit.seen.has(text));
  // of what was adopted nobody knows whether its exit forbids a restart
  const mayForbid = exit.adopted && exitCodes.length + lines.length > 0;
  const final = mayForbid || line !== undefined || (exit.code !== null && exitCodes.includes(exit.code));
  const cause = exit.adopted ? adoptedCause(exit, mayForbid, cell) : exit.cause;
  const last = exit.lastLines.at(-1);
  const reason =
    last === undefined ? cause : `${cause}; its last line was “${cell.quiet(printable(last)).slice(0, 200)}”`;
  if (exit.asked && exit.uptime > 0) {
    const lastStart = cell.lastStart.get();
    if (lastStart) cell.lastStart.set({ ...lastStart, leftBy: 'asked' });
    cell.notice({ event: 'stopped', ...told(of), reason: exit.cause, uptime: exit.uptime });
  } else cell.lastExit.set(reason);
  return { type: 'exited', of: of.id, final, uptime: exit.uptime, reason };
}

/** It could not be started, or was refused. What no further start mends is not tried again by itself. */
export function notUp(of: Deployment, error: unknown, cell: Cell): Exited {
  cell.lastEnding.set(null);
  const final = error instanceof LockLost;
  const reason = error instanceof VisorError ? `${sentenceOf(error)}. ${error.next}` : sentenceOf(error);
  cell.lastExit.set(reason);
  return { type: 'exited', of: of.id, final, uptime: 0, reason };
}

function adoptedCause({ cause, asked }: Exit, isDown: boolean, cell: Cell): string {
  if (asked) return cause;
  const { network, client } = cell.config();
  const why = `${cause}: it was adopted, and a process tells its status to its parent alone`;
  return isDown
    ? `${why}; since restart.noRestart is set it is not started again by itself: look at its log, then \`vaultvisor start ${network}/${client}\``
    : why;
}
