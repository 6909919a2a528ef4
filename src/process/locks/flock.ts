import { spawn } from 'node:child_process';
import { sentenceOf, VisorError } from '../../errors.ts';
import { codeOf } from '../system-error.ts';
import { helperMarks } from '../who/marks.ts';

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
  const { code, words, error } = await ask(args, descriptor, identity, wait);
  if (wait?.aborted) return 'aborted';
  if (code === 0) return 'granted';
  if (code === REFUSED) return 'refused';
  if (error === null) throw failed(words);
  throw codeOf(error) === 'ENOENT' ? noProgram() : EXHAUSTED.includes(codeOf(error)) ? exhausted(words) : failed(words);
}

interface Answer {
  readonly code: number | null;
  readonly words: string;
  /** It could not be started. */
  readonly error: unknown;
}

/** Not by execa: where no descriptor is left for it, it throws, and leaves an error event that nobody hears. */
function ask(args: string[], descriptor: number, identity: string, wait: AbortSignal | null): Promise<Answer> {
  return new Promise((resolve) => {
    const refuse = (error: unknown) => resolve({ code: null, words: sentenceOf(error), error });
    try {
      const helper = spawn('flock', args, {
        stdio: ['ignore', 'ignore', 'ignore', descriptor],
        env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', ...helperMarks(identity) },
        cwd: '/',
      });
      const stop = () => void helper.kill('SIGKILL');
      wait?.addEventListener('abort', stop, { once: true });
      helper.once('error', (error) => {
        wait?.removeEventListener('abort', stop);
        refuse(error);
      });
      helper.once('exit', (code, signal) => {
        wait?.removeEventListener('abort', stop);
        resolve({
          code,
          words: `flock ${code === null ? `was ended by ${signal}` : `ended with ${code}`}`,
          error: null,
        });
      });
      if (wait?.aborted) stop();
    } catch (error) {
      refuse(error); // a lack of memory is thrown
    }
  });
}

function noProgram(): VisorError {
  return new VisorError(
    'config',
    'the program flock is missing, and without it nothing keeps a second client from being started',
    'Install util-linux (Debian, Ubuntu: apt-get install util-linux; Alpine: apk add util-linux) and see that flock is in PATH.',
  );
}

/** Of memory, processes and descriptors. */
const EXHAUSTED = ['ENOMEM', 'EAGAIN', 'EMFILE', 'ENFILE'];

function exhausted(reason: string): VisorError {
  return new VisorError(
    'io',
    `a lock could not be asked for, as no further process can be started: ${reason}`,
    'See what uses up the memory, the processes or the open files of this machine or this user (free, ulimit -a).',
  );
}

function failed(reason: string): VisorError {
  return new VisorError(
    'io',
    `a lock could not be asked for: ${reason}`,
    'Choose a lock folder on a local file system (lockDir); flock there must be util-linux, not busybox.',
  );
}
