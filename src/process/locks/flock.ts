import { execa } from 'execa';
import { VisorError } from '../../errors.ts';
import { helperMarks } from '../who/marks.ts';
import { inherited } from './inherited.ts';

/** As in sysexits.h: try again later. Any status that flock itself never uses would do. */
const REFUSED = 75;

/**
 * Asks the kernel for an exclusive flock(2) on an open descriptor, through util-linux's `flock`: the lock belongs to the open file
 * description, so it stays with our descriptor when the helper has left, and goes on to whom we hand it. No native module is needed.
 * `wait` blocks in the kernel until the lock is free; ending the wait kills the helper.
 * @param identity whose helper it is: a supervisor that comes after us must know it for one
 * @throws VisorError `config` without the program, `io` if the file system cannot lock
 */
export async function flock(
  descriptor: number,
  identity: string,
  wait: AbortSignal | null,
): Promise<'granted' | 'refused' | 'aborted'> {
  const args = wait === null ? ['-n', '-x', '-E', String(REFUSED), '3'] : ['-x', '3'];
  const result = await execa('flock', args, {
    stdio: ['ignore', 'ignore', 'ignore', inherited(descriptor)],
    env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...helperMarks(identity) },
    extendEnv: false,
    cwd: '/',
    reject: false,
    killSignal: 'SIGKILL',
    ...(wait === null ? {} : { cancelSignal: wait }),
  });
  if (result.isCanceled) return 'aborted';
  if (result.exitCode === 0) return 'granted';
  if (result.exitCode === REFUSED) return 'refused';
  throw result.code === 'ENOENT' ? noProgram() : failed(result.shortMessage ?? 'no reason given');
}

function noProgram(): VisorError {
  return new VisorError(
    'config',
    'the program flock is missing, and without it nothing keeps a second client from being started',
    'Install util-linux (Debian, Ubuntu: apt-get install util-linux; Alpine: apk add util-linux) and see that flock is in PATH.',
  );
}

function failed(reason: string): VisorError {
  return new VisorError(
    'io',
    `a lock could not be asked for: ${reason}`,
    'Choose a lock folder on a local file system (lockDir); flock there must be util-linux, not busybox.',
  );
}
