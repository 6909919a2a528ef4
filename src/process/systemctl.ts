import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Manager } from './strangers/place.ts';

/** A unit that does not answer must not keep anybody waiting for ever. */
const PATIENCE = 10_000;

/**
 * What `systemctl` prints, in English and without colours. Not by execa, as in locks/flock.ts.
 * @param patience milliseconds; a stop takes as long as its unit says
 * @throws the error of execFile: its `stderr` says why systemd would not
 */
export async function systemctl(
  manager: Manager,
  args: readonly string[],
  patience: number = PATIENCE,
): Promise<string> {
  const words = [...(manager === 'system' ? [] : ['--user']), '--no-pager', ...args];
  const env = { ...process.env, LC_ALL: 'C', SYSTEMD_COLORS: '0' };
  const how = { env, timeout: patience, killSignal: 'SIGKILL', maxBuffer: 64 * 2 ** 20 } as const;
  const { stdout } = await promisify(execFile)('systemctl', words, how);
  return stdout;
}
