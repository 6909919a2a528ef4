import { userInfo } from 'node:os';
import { printable } from '../errors.ts';

/** Who gives a command, for the history: the user, and who became it by sudo. */
export function whoAsks(env = process.env): string {
  const behind = env['SUDO_USER'];
  return printable(behind ? `${userName()} (sudo by ${behind})` : userName());
}

/** A container's user need not have a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}
