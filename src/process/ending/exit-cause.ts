import type { Millis } from '../../core/release.ts';
import { sentenceOf } from '../../errors.ts';
import { codeOf } from '../system-error.ts';

/** How a process ended, as the kernel tells it; both `null`: that is not known. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Circumstances {
  /** We killed it, this long after it was asked to leave. */
  readonly killedAfter: Millis | null;
  /** How many processes of our control group were killed for want of memory while it ran; `null`: cannot be read. */
  readonly oomKills: number | null;
}

/** Why a client is gone, in words. */
export function causeOf({ code, signal }: Ended, { killedAfter, oomKills }: Circumstances): string {
  if (signal === null && code === null && killedAfter !== null) return killed(killedAfter);
  if (signal === null)
    return code === null ? 'ended, and its exit status is not known' : `exited with status ${code}${meaningOf(code)}`;
  if (signal !== 'SIGKILL') return `killed by ${signal}`;
  if (killedAfter !== null) return killed(killedAfter);
  if (oomKills === null) return 'killed by SIGKILL (perhaps out of memory)';
  return oomKills > 0
    ? 'killed by SIGKILL (out of memory)'
    : 'killed by SIGKILL (by somebody: the machine was not out of memory)';
}

const killed = (after: Millis): string =>
  `killed by SIGKILL, since it had not left ${Math.round(after / 100) / 10} s after it was asked to`;

/** Statuses that a shell gives in its own name (POSIX, 2.8.2): a script's command, not the client, is missing or was killed. */
function meaningOf(code: number): string {
  if (code === 126) return ' (its command may not be executed)';
  if (code === 127) return ' (its command was not found)';
  return code > 128 && code < 160 ? ` (a command of it was killed by signal ${code - 128})` : '';
}

/** Why a client could not even be started, in words. */
export function spawnFailure(thrown: unknown): string {
  return `could not be started: ${reasonFor(codeOf(thrown)) ?? sentenceOf(thrown)}`;
}

function reasonFor(code: string): string | null {
  switch (code) {
    case 'ENOENT':
      return 'the program, its interpreter or its loader does not exist (ENOENT)';
    case 'EACCES':
    case 'EPERM':
      return `it may not be executed here: see its mode, and whether the disk is mounted noexec (${code})`;
    case 'ETXTBSY':
      return 'somebody still writes to the program (ETXTBSY)';
    case 'E2BIG':
      return 'its arguments and environment are too long (E2BIG)';
    case 'ENOEXEC':
      return 'it is no program for this machine (ENOEXEC)';
    case 'EAGAIN':
      return 'this user or machine may not have more processes (EAGAIN)';
    case 'ENOMEM':
      return 'there is not enough memory (ENOMEM)';
    case 'EMFILE':
    case 'ENFILE':
      return `too many files are open (${code})`;
  }
  return null;
}
